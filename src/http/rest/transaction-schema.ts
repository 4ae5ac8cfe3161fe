/** JSON schemas of a transaction's nodes for the document: the rules common to all provinces. */
import { aboveOf, type Catalogue, nameOf } from '../../extension/catalogue.ts'
import type { CatalogueField, CatalogueNode } from '../../extension/catalogue-rows.ts'

/** A JSON schema. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Maximum number of codes explained at the field itself. */
const MEANINGS_MAX = 30

const TYPES = {
  text: 'string',
  decimal: 'number',
  whole: 'integer',
  day: 'string',
  time: 'string',
  flag: 'boolean',
  rows: 'array',
} as const

/** `01居民身份证 02军官证`; the first ones of a long set. */
function meaningsOf(catalogue: Catalogue, set: string | undefined): string {
  const { codes = {}, places = {} } = (set && catalogue.sets()[set]) || {}
  const all = Object.entries(Object.assign({}, ...Object.values(places), codes) as Record<string, string>)
  const told = all.slice(0, MEANINGS_MAX).map(([code, text]) => `${code}${text}`)
  return told.join(' ') + (all.length > MEANINGS_MAX ? ` 等${all.length}个值` : '')
}

function widthOf({ type, width, places }: CatalogueField): string {
  if (width === undefined || type === undefined || type === 'text') return ''
  if (type === 'decimal') return `${width}位${places ? `，其中小数${places}位` : ''}`
  return type === 'whole' ? `至多${width}位` : ''
}

const FORMS: Partial<Record<keyof typeof TYPES, string>> = {
  day: 'YYYY-MM-DD',
  time: '北京时间YYYY-MM-DD HH:mm:ss',
}

/** When an otherwise optional field is required: `mdtrt_setl_type=1时必填`. */
export function conditionOf({ when, may }: CatalogueField): string {
  if (when) return `${Object.entries(when).map(([by, value]) => `${by}=${value}`)}时必填`
  return may ? '视条件必填' : ''
}

function fieldSchema(catalogue: Catalogue, field: CatalogueField, isInput: boolean): JsonSchema {
  const { type = 'text', zh, width, set } = field
  const values = isInput && type === 'text' && set ? catalogue.values(set, '') : null
  const description = [
    zh,
    FORMS[type],
    widthOf(field),
    isInput && conditionOf(field),
    meaningsOf(catalogue, set),
  ]
  return {
    // Platforms send null or an empty value for what does not apply.
    type: isInput ? TYPES[type] : [TYPES[type], 'null'],
    ...(description.some((one) => one) && { description: description.filter((one) => one).join('；') }),
    ...(type === 'text' && isInput && width !== undefined && { maxLength: width }),
    ...(type === 'rows' && { items: {} }),
    ...(values && { enum: [...values] }),
  }
}

/**
 * The schema of one side of a transaction. @param isInput nothing is required in an output, since platforms omit
 * fields
 */
export function nodesSchema(
  catalogue: Catalogue,
  nodes: readonly CatalogueNode[],
  isInput: boolean,
): JsonSchema {
  function objectOf(node: CatalogueNode): JsonSchema {
    const below = nodes.filter(
      ({ at }) => at !== '' && at !== node.at && aboveOf(at) === node.at && nameOf(at) !== '',
    )
    const required = [
      ...node.fields.filter(({ must }) => must).map(({ name, spelt }) => spelt ?? name),
      ...below.filter(({ must }) => must).map(({ at }) => nameOf(at)),
    ]
    return {
      type: 'object',
      ...(isInput && required.length > 0 && { required: [...new Set(required)] }),
      properties: Object.fromEntries([
        ...node.fields.map((field) => [field.spelt ?? field.name, fieldSchema(catalogue, field, isInput)]),
        ...below.map((one) => [nameOf(one.at), nodeSchema(one)]),
      ]),
    }
  }

  function nodeSchema(node: CatalogueNode): JsonSchema {
    const { zh, any, one, many } = node
    const told = [
      zh,
      any && any.length > 0 && `至少填写一项：${any.join('、')}`,
      one && '只有一行时可为单个对象',
    ]
    const description = told.filter((each) => each).join('；')
    const object = objectOf(node)
    return {
      ...(many ? { type: 'array', items: object } : object),
      ...(many && isInput && node.must && { minItems: 1 }),
      ...(description && { description }),
    }
  }

  const top = nodes.find(({ at }) => at === '')
  return top?.many ? nodeSchema(top) : objectOf(top ?? { at: '', fields: [] })
}
