/**
 * Renames faults for REST: the caller sent `lines[3].quantity` and has never heard of `feedetail[3].cnt`. The writer
 * of the input records where each field came from (`written.ts`).
 */
import type { LineFault } from '../../domain/claim.ts'
import { GatewayError, type Terms } from '../../domain/problems.ts'
import { linesText } from '../../pipeline/line-faults.ts'
import type { Input } from './written.ts'

/** A national field name, or a path of names, in a sentence. */
const NAMES = /[a-z][a-z_]*(?:\[\d+\])?(?:[. ][a-z][a-z_]*)*/g

/** Place of a national field in the request: by its path, else by its name alone; null if there is none. */
export function placeInRequest(places: unknown, field: string): string | null {
  const path = field.split(/[[\].\s]+/).filter(Boolean)
  let node = places
  for (const part of path) node = (node as Input | undefined | null)?.[part]
  if (typeof node === 'string') return node
  return path.length === 1 ? byName(places, path[0]!) : null
}

/** Place of the first field with a name; for a field of several rows, without the row. */
function byName(node: unknown, name: string): string | null {
  if (typeof node !== 'object' || node === null) return null
  if (Array.isArray(node)) {
    const found = byName(node[0], name)
    return found && node.length > 1 ? found.replace(/\[0\]/, '[]') : found
  }
  const own = (node as Input)[name]
  if (typeof own === 'string') return own
  for (const child of Object.values(node)) {
    const found = byName(child, name)
    if (found) return found
  }
  return null
}

function inSentence(places: unknown, sentence: string): string {
  return sentence.replaceAll(NAMES, (name) => placeInRequest(places, name) ?? name)
}

/** The fee lines as written, to find the row of a fault by the serial of its line. */
function rowOf(places: Input, input: Input, { at, field }: LineFault): unknown {
  const node = 'drugdetail' in input ? 'drugdetail' : 'feedetail'
  const rows = (input[node] ?? []) as readonly Input[]
  const isHere = (row: Input) => row.feedetl_sn === at
  // Only a duplicate serial is itself a fault, and then of the later row.
  const index = field === 'feedetl_sn' ? rows.findLastIndex(isHere) : rows.findIndex(isHere)
  return (places[node] as readonly unknown[] | undefined)?.[index] ?? places
}

function lineInOurNames(places: Input, input: Input, fault: LineFault): LineFault {
  const row = rowOf(places, input, fault)
  const field = placeInRequest(places, fault.at) ?? placeInRequest(row, fault.field) ?? fault.field
  // A diagnosis has no serial, so its fault is located by field.
  const at = row === places ? field : fault.at
  return { ...fault, at, field, text: inSentence(row, fault.text) }
}

/**
 * Rewords an error with the names of the request.
 *
 * @param input as written
 * @param places the same structure, with the place in the request for each field
 */
export function inOurNames(error: GatewayError, input: Input, places: Input): GatewayError {
  if (error.stage !== 'receive' && error.stage !== 'translate') return error
  const { lines, fields } = error.extra as {
    lines?: readonly LineFault[]
    fields?: readonly { field: string; text?: string }[]
  }
  if (lines) {
    const ours = lines.map((fault) => lineInOurNames(places, input, fault))
    return new GatewayError(error.code, error.stage, linesText(ours), { ...error.extra, lines: ours }, error)
  }
  const ours = fields?.map((fault) => ({
    ...fault,
    field: placeInRequest(places, fault.field) ?? fault.field,
    ...(fault.text !== undefined && { text: inSentence(places, fault.text) }),
  }))
  const extra = ours ? { ...error.extra, fields: ours } : error.extra
  const detail = (terms: Terms) => inSentence(places, error.detailIn(terms))
  return new GatewayError(error.code, error.stage, detail, extra, error)
}
