/** The catalogue holds every transaction, field, width and value set of the facts, where they are at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CatalogueField, FieldType } from '../../../src/extension/catalogue-rows.ts'
import { spellingOf } from '../../../src/extension/spelling.ts'
import { catalogue } from './support.ts'

interface FactField {
  readonly name: string
  readonly zh: string
  readonly type: string
  readonly max_length: number | null
  readonly required: unknown
  readonly section?: string
}
interface Fact {
  readonly infno: string
  readonly name_zh: string
  readonly http_path: string | null
  readonly idempotency: { readonly kind: string }
  readonly request: readonly { readonly section: string; readonly fields: readonly FactField[] }[]
  readonly response: Fact['request']
}

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'facts')
const isThere = existsSync(join(FOLDER, 'transactions-2025.json'))
// biome-ignore lint/suspicious/noExplicitAny: the facts are of others
const read = (file: string): any => (isThere ? JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) : {})
const [of2021, of2025] = [read('transactions.json'), read('transactions-2025.json')]
const facts: readonly Fact[] = [...(of2021.transactions ?? []), ...(of2025.transactions ?? [])]

const HAN = /\p{Script=Han}/u
const TYPES: Readonly<Record<string, FieldType>> = {
  string: 'text',
  decimal: 'decimal',
  int: 'whole',
  date: 'day',
  datetime: 'time',
  boolean: 'flag',
  array: 'rows',
}

/** A field of the facts; one list has names and labels the other way round. */
const named = ({ name, zh, ...rest }: FactField) =>
  HAN.test(name) ? { ...rest, name: zh, zh: name } : { ...rest, name, zh }

/** All fields of one side, as Hunan has them and as they hold everywhere; nodes count by their own names. */
function fieldsIn(number: string, side: 'input' | 'output'): ReadonlyMap<string, readonly CatalogueField[]> {
  const found = new Map<string, CatalogueField[]>()
  for (const province of ['', '22', '42', '43']) {
    for (const { at, zh = '', fields } of catalogue.nodes(number, province)[side]) {
      const node = { name: at.slice(at.lastIndexOf('.') + 1), zh, type: 'rows' } as const
      for (const field of [node, ...fields]) {
        const key = spellingOf(field.name)
        found.set(key, [...(found.get(key) ?? []), field])
      }
    }
  }
  return found
}

/** What the catalogue has otherwise, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  '3101 fsi_operation_dtos': 'a list, whose rows are a node',
}

describe.skipIf(!isThere)('the facts (skipped where ../shared/facts is absent)', () => {
  it('are 230 transactions, each described under its name', () => {
    expect(facts.length).toBe(230)
    const wrong = facts.filter(({ infno, name_zh }) => catalogue.heads.get(infno)?.zh !== name_zh)
    expect(wrong.map(({ infno }) => infno)).toEqual([])
    const paths = facts.filter(
      ({ infno, http_path }) => http_path?.startsWith('/') && catalogue.heads.get(infno)?.path !== http_path,
    )
    expect(paths.map(({ infno }) => infno)).toEqual([])
  })

  it('name fields that are all there, with their type, and no narrower', () => {
    let count = 0
    const wrong = facts.flatMap(({ infno, request, response }) =>
      (
        [
          ['input', request],
          ['output', response],
        ] as const
      ).flatMap(([side, nodes]) => {
        const ours = fieldsIn(infno, side)
        return nodes.flatMap(({ fields }) =>
          fields.map(named).flatMap(({ name, type, max_length }) => {
            count += 1
            if (OTHERWISE[`${infno} ${name}`]) return []
            const found = ours.get(spellingOf(name)) ?? []
            if (found.length === 0) return [`${infno} ${side} ${name}: not there`]
            if (!found.some((one) => (one.type ?? 'text') === TYPES[type]))
              return [`${infno} ${side} ${name}: no ${type}`]
            const isSized = max_length !== null && ['string', 'decimal', 'int'].includes(type)
            if (isSized && !found.some(({ width = 0 }) => width >= max_length!))
              return [`${infno} ${side} ${name}: narrower than ${max_length}`]
            return []
          }),
        )
      }),
    )
    expect(wrong).toEqual([])
    expect(count).toBe(2698 + 3986)
  })

  it('mark what must be there, which is asked for where their text holds', () => {
    const wrong = facts.flatMap(({ infno, request }) => {
      const province = catalogue.heads.get(infno)!.asks ? '43' : ''
      const asked = catalogue.nodes(infno, province).input
      return request.flatMap(({ fields }) =>
        fields
          .map(named)
          .filter(({ required }) => required === true)
          .filter(({ name }) => {
            const key = spellingOf(name)
            return !asked.some(
              ({ at, must, fields: own }) =>
                (must && spellingOf(at.slice(at.lastIndexOf('.') + 1)) === key) ||
                own.some((one) => one.must === true && spellingOf(one.name) === key),
            )
          })
          .map(({ name }) => `${infno} ${name}`),
      )
    })
    expect(wrong).toEqual([])
  })

  it('change known transactions: what a text adds is a row of its place', () => {
    const changes = of2025.changes_to_existing as readonly {
      infno: string
      edition: string
      request?: { added?: FactField[] }
      response?: { added?: FactField[] }
    }[]
    // Fields of the envelope that one table repeats in its node.
    const ENVELOPE =
      /^(?:infno|msgid|mdtrtarea_admvs|insuplc_admdvs|recer_sys_code|dev_|cainfo|signtype|infver|opter|inf_time|fixmedins_name|sign_no|input)/
    const wrong = changes.flatMap(({ infno, request, response }) =>
      (
        [
          ['input', request],
          ['output', response],
        ] as const
      ).flatMap(([side, change]) => {
        const ours = fieldsIn(infno, side)
        return (change?.added ?? [])
          .map(named)
          .filter(({ name }) => !ours.has(spellingOf(name)) && !(infno === '5101' && ENVELOPE.test(name)))
          .map(({ name }) => `${infno} ${side} ${name}`)
      }),
    )
    expect(changes.length).toBe(53)
    expect(wrong).toEqual([])
  })

  it('have value sets, whose codes are all there', () => {
    const sets = catalogue.sets()
    const dictionaries = read('dictionaries.json').value_sets as Record<
      string,
      { values: { code: string }[] }
    >
    const added = of2025.value_sets as typeof dictionaries
    // Not of the interface: states that one client keeps for itself, kinds of a policy, lists of an older system.
    const LEFT_OUT =
      /^(?:visit_status|out_filing_kind|legacy_filing_kind|hsa_patient_region|infcode|rloc_rea|dscg_status)$/
    const wrong = [...Object.entries(dictionaries), ...Object.entries(added)].flatMap(
      ([name, { values }]) => {
        if (LEFT_OUT.test(name)) return []
        const { codes = {}, places = {} } = sets[name] ?? {}
        const known = new Set([codes, ...Object.values(places)].flatMap((one) => Object.keys(one)))
        return values.filter(({ code }) => !known.has(code)).map(({ code }) => `${name} ${code}`)
      },
    )
    expect(Object.keys(added).length).toBe(272)
    expect(wrong).toEqual([])
  })
})
