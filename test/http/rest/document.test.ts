/** The document is whole: every reference leads somewhere, and each transaction is described as its rows say. */
import { beforeAll, describe, expect, it } from 'vitest'
import { addressed } from '../../../src/http/rest/addresses.ts'
import { documentOf } from '../../../src/http/rest/document-task.ts'
import { Problem } from '../../../src/http/rest/settlement-schemas.ts'
import { catalogue, dialect } from './transactions-support.ts'

type Json = Record<string, unknown>
// biome-ignore lint/suspicious/noExplicitAny: what the document says is what the test looks at
let document: any
let text: string

beforeAll(async () => {
  document = JSON.parse(JSON.stringify(await documentOf({ dialect: dialect.id })))
  text = JSON.stringify(document)
})

/** What a reference leads to; undefined where it leads nowhere. */
const led = (to: string) =>
  to
    .slice(2)
    .split('/')
    .reduce((node, step) => node?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document)

const pathOf = (number: string) => catalogue.rest().addresses[number]!
const operationOf = (number: string) => document.paths[pathOf(number)].post
const inputOf = (number: string) =>
  operationOf(number).requestBody.content['application/json'].schema.allOf[1]
const outputOf = (number: string) =>
  operationOf(number).responses[200].content['application/json'].schema.properties.output

/** Every JSON object of the document. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Json
  for (const one of Object.values(value)) yield* objectsIn(one)
}

describe('the document', () => {
  it('has no reference that leads nowhere, and no operation or tag twice', () => {
    const refs = [...objectsIn(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []))
    expect(refs.length).toBeGreaterThan(2000)
    expect([...new Set(refs)].filter((ref) => led(ref) === undefined)).toEqual([])
    const operations = Object.values(document.paths as Json).flatMap((item) =>
      Object.values(item as Json),
    ) as {
      operationId?: string
      tags: string[]
    }[]
    const ids = operations.flatMap(({ operationId }) => operationId ?? [])
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const tags = document.tags.map(({ name }: { name: string }) => name)
    expect(tags).toEqual([...new Set(tags)])
    expect(operations.flatMap((one) => one.tags).filter((tag) => !tags.includes(tag))).toEqual([])
  })

  it('declares every parameter of a path', () => {
    for (const [path, item] of Object.entries(document.paths as Json)) {
      for (const operation of Object.values(item as Json)) {
        const { parameters = [] } = operation as { parameters?: { in: string; name: string }[] }
        const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
        expect(declared.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
      }
    }
  })

  it('stays short enough for the page that shows it: below two megabytes', () => {
    expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000)
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000)
  })
})

describe('a transaction', () => {
  it('has an operation with every field of its rows, whatever it is', () => {
    const wrong: string[] = []
    for (const { operation } of addressed(dialect)) {
      const { transaction: number } = operation
      const { input, output } = catalogue.nodes(number, '')
      for (const [nodes, schema] of [
        [input, inputOf(number)],
        [output, outputOf(number)],
      ] as const) {
        const said = JSON.stringify(schema)
        for (const { fields } of nodes)
          for (const { name, spelt, zh } of fields)
            if (!said.includes(`"${spelt ?? name}":{`) || !said.includes(zh)) wrong.push(`${number} ${name}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('says types, widths, what is required, and values with their meanings', () => {
    const { properties } = inputOf('3505A').properties.selinfoDetail.items
    expect(properties.finl_trns_pric).toEqual({
      type: 'number',
      description: '最终成交单价；16位，其中小数6位',
    })
    expect(properties.rx_flag).toMatchObject({ type: 'string', maxLength: 3, enum: ['0', '1', '2'] })
    expect(properties.rx_flag.description).toContain('2双跨')
    expect(inputOf('3505A').required).toEqual(['selinfoDetail'])
    expect(inputOf('5203').required).toEqual(['data'])
    expect(outputOf('6301').properties.data.properties.feeSumamt.type).toEqual(['number', 'null'])
  })

  it('says what a province says otherwise, what takes it back, and what its key is for', () => {
    const { description, parameters } = operationOf('3505A')
    for (const said of [
      ...['湖南必填：selinfoDetail.med_list_codg', 'selinfoDetail.setl_id（mdtrt_setl_type=1时必填）'],
      ...['写作MDTRT_SETL_TYPE', '吉林（2025）输入另有'],
      ...['撤销：3507（/v1/stock/deletions/single）', '须带Idempotency-Key', 'refusedRows', 'hospital（'],
    ])
      expect(description).toContain(said)
    expect(parameters.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1))).toEqual([
      'IdempotencyKey',
      'Prefer',
    ])
    expect(operationOf('3511').parameters).toHaveLength(1)
    expect(operationOf('3511').description).toContain('只查询')
  })

  it('has its number, both names, what it does and its errors at its address, whoever wrote the route', () => {
    const wrong: string[] = []
    for (const [number, path] of Object.entries(catalogue.rest().addresses)) {
      const { zh, en, kind } = catalogue.heads.get(number)!
      const { summary, description, responses, 'x-transactions': told } = document.paths[path].post
      const row = JSON.stringify({ infno: number, zh, en, kind })
      if (!told.some((one: Json) => JSON.stringify(one) === row)) wrong.push(`${number} row`)
      if (!summary.includes(number)) wrong.push(`${number} title`)
      if (!description.includes(`国家接口${number}${zh}（${en}），作用：`)) wrong.push(`${number} text`)
      for (const status of [400, 422, 503, 504]) if (!responses[status]) wrong.push(`${number} ${status}`)
    }
    expect(wrong).toEqual([])
  })

  it('names every problem that it may end in, with an answer to look at', () => {
    const { responses } = document.components
    for (const [status, code] of [
      ['422', 'invalid-field'],
      ['503', 'destination-down'],
      ['504', 'outcome-unknown'],
    ] as const) {
      const { description, content } = responses[`Problem${status}`]
      const { value } = content['application/problem+json'].examples[code]
      expect(description).toContain(code)
      expect(Problem.parse(value)).toMatchObject({ type: `/problems/${code}`, status: Number(status) })
    }
    const all = Object.values(responses as Json).flatMap(
      (one) => JSON.stringify(one).match(/"type":"\/problems/g) ?? [],
    )
    expect(all.length).toBeGreaterThan(25)
  })

  it('is shown with those of its lane, folded until somebody opens it', () => {
    const tags = document.tags as { name: string; 'x-tag-expanded'?: boolean }[]
    const lanes = tags.filter(({ name }) => name.startsWith('REST：'))
    expect(lanes).toHaveLength(Object.keys(catalogue.rest().lanes).length)
    expect(lanes.every((tag) => tag['x-tag-expanded'] === false)).toBe(true)
    expect(
      tags.slice(0, tags.length - lanes.length).every((tag) => tag['x-tag-expanded'] === undefined),
    ).toBe(true)
    expect(operationOf('3505A').tags).toEqual(['REST：进销存与追溯码'])
  })
})
