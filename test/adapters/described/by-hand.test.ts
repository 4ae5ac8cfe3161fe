/** The schemas written by hand ask for what the catalogue describes; where they differ, the reason stands here. */
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { askedBy } from '../../../adapters/000000-national/fields.ts'
import national from '../../../adapters/000000-national/index.ts'
import type { CatalogueNode } from '../../../src/extension/catalogue-rows.ts'
import { BY_HAND, catalogue } from './support.ts'

type Shape = Readonly<Record<string, z.ZodType>>

interface Asked {
  readonly form: string
  readonly optional: boolean
  readonly width: number | null
}

function shapeOf(schema: z.ZodType): Shape {
  const { inside } = askedBy(schema)
  const { shape, element } = inside as unknown as { shape?: Shape; element?: z.ZodType }
  return shape ?? (element ? shapeOf(element) : {})
}

/** What a schema of a field asks for. */
function askedOf(schema: z.ZodType): Asked {
  const { form, optional, inside } = askedBy(schema)
  const { maxLength = null } = inside as unknown as { maxLength?: number | null }
  return { form: form ?? 'node', optional, width: form === 'text' ? maxLength : null }
}

/** Why a field is asked for otherwise than the catalogue has it. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'med_list_codg: optional': 'empty where the own code of the hospital is mapped',
  '5203 data.setl_id: optional': 'a lost answer never gave it: clients ask by the visit alone',
}

/** How the schema of one node differs from its row. */
function differences(number: string, { at, fields }: CatalogueNode, shape: Shape): string[] {
  return fields.flatMap(({ name, type = 'text', width, must }) => {
    const schema = shape[name]
    if (!schema) return [`${number} ${at}.${name}: not there`]
    const { form, optional, width: own } = askedOf(schema)
    const told = [
      ...(form === type || (form === 'decimal' && type === 'whole') ? [] : [`${form} is no ${type}`]),
      ...(optional === !must ? [] : [optional ? 'optional' : 'asked for']),
      ...(type === 'text' && width !== undefined && own !== null && own < width
        ? [`narrower than ${width}`]
        : []),
    ]
    return told
      .filter(
        (one) => !(`${name}: ${one}` in DIFFERENCES) && !(`${number} ${at}.${name}: ${one}` in DIFFERENCES),
      )
      .map((one) => `${number} ${at}.${name}: ${one}`)
  })
}

describe('schemas written by hand', () => {
  it.each(BY_HAND)('%s asks for what the catalogue describes', (number) => {
    const { input } = catalogue.nodes(number, '')
    const root = shapeOf(national.operations[number]!.input)
    expect(
      input.flatMap((node) => differences(number, node, node.at === '' ? root : shapeOf(root[node.at]!))),
    ).toEqual([])
  })

  it('have no field that the catalogue does not know in any place, but the lines beside a bill', () => {
    const more = BY_HAND.flatMap((number) => {
      const input = ['', '43'].flatMap((place) => catalogue.nodes(number, place).input)
      const root = shapeOf(national.operations[number]!.input)
      return Object.entries(root).flatMap(([name, schema]) => {
        const own = input.filter(({ at }) => at === name)
        const known = new Set(own.flatMap(({ fields }) => fields.map((field) => field.name)))
        for (const { at } of input) if (at.startsWith(`${name}.`)) known.add(at.slice(name.length + 1))
        // Hunan spells the node in two ways. [F]
        if (known.has('durg_trac_info')) known.add('drug_trac_info')
        if (name === 'feedetail' && known.size === 0) return []
        // Rows that no longer count are marked by clients, where the text of these three does not say so. [F]
        if (name === 'diseinfo') known.add('vali_flag')
        return Object.keys(shapeOf(schema))
          .filter((field) => !known.has(field))
          .map((field) => `${number} ${name}.${field}`)
      })
    })
    expect(more).toEqual([])
  })
})
