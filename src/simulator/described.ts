/**
 * Transactions without a handler of their own: answered from the catalogue. Uploaded rows are stored; a query whose
 * catalogue row names them in `reads` returns them, any other is answered with a complete sample output.
 */
import type { Catalogue } from '../extension/catalogue.ts'
import type { CatalogueHead, CatalogueNode, ResultForm } from '../extension/catalogue-rows.ts'
import { sampleNodes, sampleOutput } from '../extension/catalogue-samples.ts'
import { spellingOf } from '../extension/spelling.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { isNode, nodesIn, textOf } from './fields.ts'
import type { Handler, Province } from './province.ts'

/** Rows that one query shows at most. */
const SHOWN_MAX = 100

/** Makes the handlers. */
export function describedHandlers(catalogue: Catalogue): (head: CatalogueHead) => Handler {
  return (head) => (province, message) => {
    const area = catalogue.provinceOf(province.code)
    requireNodes(catalogue, head, message, area)
    if (head.kind === 'query') return shown(catalogue, head, province, message, area)
    const output = written(catalogue, head, province, message, area)
    return head.results ? judged(head.results, area, output) : output
  }
}

/** Refuses a message without a node that its text asks for. */
function requireNodes(
  catalogue: Catalogue,
  { number }: CatalogueHead,
  { input }: Message,
  area: string,
): void {
  const missing = catalogue
    .nodes(number, area)
    .input.find(({ at, must }) => must && at !== '' && !at.includes('.') && input[at] === undefined)
  if (missing) throw new Refusal('E000', `${missing.at}不能为空`)
}

/** Every scalar field of an input by its name, the first of each: what an answer says again. */
function echoed({ input, id, institution }: Message): Record<string, unknown> {
  const said: Record<string, unknown> = { fixmedins_code: institution, medins_setl_id: id }
  const walk = (value: unknown) => {
    if (Array.isArray(value)) walk(value[0])
    else if (isNode(value)) {
      for (const [name, one] of Object.entries(value)) {
        if (typeof one === 'object') walk(one)
        else if (said[name] === undefined) said[name] = one
      }
    }
  }
  walk(input)
  return said
}

function outputOf(
  catalogue: Catalogue,
  { number }: CatalogueHead,
  area: string,
  values: Record<string, unknown>,
) {
  return sampleOutput(catalogue, number, { province: area, values })
}

/** Keeps every row of every node, with what the nodes of one row say beside it. */
function keep(province: Province, { transaction, institution, input }: Message): void {
  const alone = Object.values(input).filter(isNode)
  const lists = Object.values(input).filter((node): node is readonly unknown[] => Array.isArray(node))
  const beside = Object.assign({}, ...alone) as Node
  const rows = lists.length > 0 ? lists.flatMap(nodesIn) : [alone.length > 0 ? {} : input]
  for (const row of rows) {
    province.book.store.insert('kept_rows', {
      infno: transaction,
      fixmedins_code: institution,
      row: JSON.stringify({ ...beside, ...row }),
    })
  }
}

/** Rows that an institution has written by these transactions, oldest first. */
export function keptRows(province: Province, institution: string, transactions: readonly string[]): Node[] {
  const sql = `SELECT row FROM kept_rows WHERE fixmedins_code = ? AND infno IN (SELECT value FROM json_each(?))
    ORDER BY serial`
  return province.book.store
    .rows<{ row: string }>(sql, institution, JSON.stringify(transactions))
    .map(({ row }) => JSON.parse(row) as Node)
}

function written(
  catalogue: Catalogue,
  head: CatalogueHead,
  province: Province,
  message: Message,
  area: string,
): unknown {
  keep(province, message)
  if (catalogue.nodes(head.number, area).output.length === 0) return null
  return outputOf(catalogue, head, area, { ...echoed(message), ...madeIds(province) })
}

/** Ids that a platform gives, each once. */
function madeIds(province: Province): Record<string, unknown> {
  const serial = String(province.book.next('described')).padStart(10, '0')
  return {
    file_qury_no: `F${serial}`,
    trt_dcla_detl_sn: `T${serial}`,
    pay_ord_id: `ORD${serial}`,
    retRslt: '1',
    flag: true,
  }
}

/** Result of a query: the uploaded rows under their names, else a complete sample output. */
function shown(
  catalogue: Catalogue,
  head: CatalogueHead,
  province: Province,
  message: Message,
  area: string,
): unknown {
  const nodes = catalogue.nodes(head.number, area).output
  if (nodes.length === 0) return null
  if (!head.reads) return outputOf(catalogue, head, area, echoed(message))
  const asked = Object.values(message.input).find(isNode) ?? message.input
  const rows = keptRows(province, message.institution, head.reads)
    .filter((row) => isMeant(row, asked))
    .slice(-SHOWN_MAX)
  const [list] = nodes.filter(({ many }) => many)
  const node = list ?? nodes[0]!
  const told = rows.map((row) => inNamesOf(node, row))
  const content = node.many ? told : (told.at(-1) ?? null)
  if (node.at === '') return content
  const others = nodes.filter(({ at }) => at !== node.at && !at.startsWith(`${node.at}.`) && at !== '')
  const rest = sampleNodes(
    catalogue,
    others.map((one) => ({ ...one, must: false })),
    { province: area },
  )
  return { ...rest, [node.at]: content }
}

/** Whether a row says what is asked for, in the fields that both have; days and pages of the question are no part of it. */
function isMeant(row: Node, asked: Node): boolean {
  const said = new Map(Object.entries(row).map(([name, value]) => [spellingOf(name), value]))
  return Object.keys(asked).every((name) => {
    const value = textOf(asked, name)
    const there = said.get(spellingOf(name))
    return value === '' || there === undefined || typeof there === 'object' || String(there) === value
  })
}

/** A row in the names of a node: what was written as `med_list_codg` is shown as `medListCodg`. */
export function inNamesOf({ fields }: CatalogueNode, row: Node): Node {
  const said = new Map(Object.entries(row).map(([name, value]) => [spellingOf(name), value]))
  return Object.fromEntries(
    fields.flatMap(({ name, spelt = name }) => {
      const value = said.get(spellingOf(name))
      return value === undefined ? [] : [[spelt, value]]
    }),
  )
}

/** The second level, as the province says it: a yes of the message. */
function judged(forms: readonly ResultForm[], area: string, output: unknown): unknown {
  const { at, no, field } = forms.find(({ places }) => !places || places.includes(area)) ?? forms.at(-1)!
  if (!at) return output
  const [yes] = no.includes('0') && field === 'retRslt' ? ['1'] : [true]
  return {
    ...(isNode(output) ? output : {}),
    [at]: { ...(isNode(output) ? (output[at] as Node) : {}), [field]: yes },
  }
}
