/**
 * What the places of treatment know of items and institutions, out of the shared code tables: loaded by each platform
 * process, so that the simulated catalogue and the codebooks speak of the same things.
 */
import { loadCodes } from '../codes/load.ts'
import { dayOf } from '../domain/day.ts'
import { fenFromYuan } from '../domain/money.ts'
import { loadRegistry } from '../extension/registry.ts'
import { systemClock } from '../ports.ts'
import { type Item, itemByShape } from './catalogue.ts'

const registry = await loadRegistry()
const codes = loadCodes(registry)

/** The national tables. */
export const { codebooks } = registry

const today = () => dayOf(systemClock.now())
const LEVELS = ['community', 'level1', 'level2', 'level3', 'level3_top'] as const

/**
 * Looks up an item by its national code, with or without a local suffix. A real platform knows more items than the
 * starter tables: others are classified by the form of the code; null if it has none.
 */
export function itemOf(code: string): Item | null {
  const found = codes.lookup('item', code, today())
  if (!found.found) return itemByShape(code)
  const { class: level = '01', chargeType = '14', priceLimit } = found.entry.attributes ?? {}
  const item = { class: level as Item['class'], chargeType }
  return priceLimit ? { ...item, priceLimit: fenFromYuan(priceLimit) } : item
}

/** Level of an institution for the deductible; defaults to level 1. */
export function levelOf(institution: string): (typeof LEVELS)[number] {
  const found = codes.lookup('institution', institution, today())
  const level = found.found ? found.entry.attributes?.level : undefined
  return LEVELS.find((known) => known === level) ?? 'level1'
}

/** Rows of a sample: enough to write a bill. */
const SAMPLE_ROWS = 12

/** Data a tester needs for messages besides people: institutions of a province, items and diagnoses. */
export function samplesOf(province: string): Readonly<Record<string, unknown>> {
  const entries = (id: string) =>
    registry.codebooks.find((book) => book.id === id)?.editions.at(-1)?.entries ?? []
  const usable = (standard: string) =>
    entries(standard)
      .filter(({ code }) => codes.lookup(standard, code, today()).found)
      .slice(0, SAMPLE_ROWS)
  return {
    institutions: entries('institution')
      .filter(({ code }) => code.slice(1, 3) === province.slice(0, 2))
      .map(({ code, name, attributes }) => ({ fixmedins_code: code, fixmedins_name: name, ...attributes })),
    items: [...usable('drug'), ...usable('service'), ...usable('consumable')].map(({ code, name }) => ({
      med_list_codg: code,
      name,
    })),
    diagnoses: usable('diagnosis').map(({ code, name }) => ({ diag_code: code, diag_name: name })),
  }
}
