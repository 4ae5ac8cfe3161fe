/** The input of a transaction as the catalogue describes it, as a zod schema. Fields that it does not name are let through. */
import type { z } from 'zod'
import { aboveOf, type Catalogue, nameOf } from '../../../src/extension/catalogue.ts'
import type { CatalogueNode } from '../../../src/extension/catalogue-rows.ts'
import { absent, listOf, section } from '../fields.ts'
import { fieldSchema } from './fields.ts'

/** A field that is asked for by another one, or by none of several. */
interface Condition {
  readonly field: string
  readonly text: string
  isMissing(node: Readonly<Record<string, unknown>>): boolean
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === ''

function conditionsOf({ fields, any }: CatalogueNode): Condition[] {
  const conditions = fields.flatMap(({ name, zh, when, spelt }): Condition[] => {
    if (!when) return []
    const field = spelt ?? name
    const asks = Object.entries(when).map(
      ([by, value]) => [fields.find((one) => one.name === by)?.spelt ?? by, value] as const,
    )
    return [
      {
        field,
        text: `${zh}不能为空`,
        isMissing: (node) =>
          isEmpty(node[field]) && asks.every(([by, value]) => String(node[by] ?? '') === value),
      },
    ]
  })
  if (any && any.length > 0) {
    conditions.push({
      field: any[0]!,
      text: `与${any.slice(1).join('、')}须至少填写一项`,
      isMissing: (node) => any.every((name) => isEmpty(node[name])),
    })
  }
  return conditions
}

/** The schema of an input. @param province first two digits of the place of treatment, as the catalogue knows it */
export function inputSchema(catalogue: Catalogue, number: string, province: string): z.ZodObject {
  const nodes = catalogue.nodes(number, province).input
  const at = (place: string) => nodes.find((node) => node.at === place)

  function shapeOf(node: CatalogueNode): Record<string, z.ZodType> {
    const fields = node.fields.map((field) => [
      field.spelt ?? field.name,
      fieldSchema(catalogue, field, province),
    ])
    const below = nodes
      .filter((other) => other.at !== '' && other.at !== node.at && aboveOf(other.at) === node.at)
      .map((other) => [nameOf(other.at), nodeSchema(other)])
    return Object.fromEntries([...fields, ...below])
  }

  function objectOf(node: CatalogueNode): z.ZodObject {
    const object = section(shapeOf(node), node.zh)
    const conditions = conditionsOf(node)
    if (conditions.length === 0) return object
    return object.check(({ value, issues }) => {
      for (const { field, text, isMissing } of conditions)
        if (isMissing(value)) issues.push({ code: 'custom', message: text, path: [field], input: value })
    }) as z.ZodObject
  }

  function nodeSchema(node: CatalogueNode): z.ZodType {
    const object = objectOf(node)
    const schema = node.many ? listOf(node.zh ?? '', object, node.must === true, node.one === true) : object
    return node.must ? schema : absent(schema)
  }

  return objectOf(at('') ?? { at: '', fields: [] })
}
