/**
 * Closed value sets of the catalogue, put into the schemas that are written by hand. Only what is closed everywhere: a set that is
 * one province's is not judged there, and what a province adds to a national one is taken in all of them.
 */
import { z } from 'zod'
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { CatalogueField } from '../../../src/extension/catalogue-rows.ts'
import { askedBy, must, of, optional } from '../fields.ts'

/** What stands for itself in a pattern. */
const PLAIN = /^[A-Za-z0-9]+$/

/** The pattern of a set: a class of characters where each code is one, which costs a scanner next to nothing. */
function patternOf(values: ReadonlySet<string>): RegExp | null {
  const all = [...values, ...[...values].filter((one) => /^0\d$/.test(one)).map((one) => one.slice(1))]
  if (!all.every((one) => PLAIN.test(one))) return null
  return new RegExp(all.every((one) => one.length === 1) ? `^[${all.join('')}]$` : `^(?:${all.join('|')})$`)
}

/** A schema with something else inside, as optional as before. */
function within(schema: z.ZodType, change: (inside: z.ZodType) => z.ZodType): z.ZodType {
  const { inside, optional: isOptional } = askedBy(schema)
  const changed = change(inside)
  return isOptional ? optional(changed) : changed
}

function closed(catalogue: Catalogue, { zh, set }: CatalogueField, schema: z.ZodType): z.ZodType {
  const values = set ? catalogue.values(set, '') : null
  const pattern = values && patternOf(values)
  if (!pattern) return schema
  return within(schema, (text) =>
    text instanceof z.ZodString ? of('text', text.regex(pattern, must(zh, '不在取值范围内'))) : text,
  )
}

/** Puts the sets of a transaction's rows into the schema of its input. */
export function withSets(catalogue: Catalogue, number: string, input: z.ZodType): z.ZodType {
  const nodes = catalogue.heads.has(number) ? catalogue.nodes(number, '').input : []

  function objectWith(at: string, object: z.ZodType): z.ZodType {
    if (object instanceof z.ZodArray) {
      const element = objectWith(at, object.element as z.ZodType)
      return element === object.element ? object : object.clone({ ...object.def, element })
    }
    if (!(object instanceof z.ZodObject)) return object
    const fields = nodes.find((node) => node.at === at)?.fields ?? []
    const changed: Record<string, z.ZodType> = {}
    for (const [name, schema] of Object.entries(object.shape as Record<string, z.ZodType>)) {
      const field = fields.find((one) => one.name === name)
      const made = field
        ? closed(catalogue, field, schema)
        : within(schema, (inside) => objectWith(at === '' ? name : `${at}.${name}`, inside))
      if (askedBy(made).inside !== askedBy(schema).inside) changed[name] = made
    }
    return Object.keys(changed).length > 0 ? object.extend(changed) : object
  }

  return objectWith('', input)
}
