/** The fixtures of the national dialect, and small changes to their requests. Every person in them is invented. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import national from '../../adapters/000000-national/index.ts'
import type { ClaimCode } from '../../src/domain/claim.ts'
import type { Settlement } from '../../src/domain/settlement.ts'
import type { Message, Subject, Systems } from '../../src/extension/dialect.ts'

export type Row = Record<string, unknown>

/** What a field must be, as the facts say it. */
export interface Field {
  /** Where it stands: `feedetail[0].cnt`. */
  readonly path: string
  readonly form: 'text' | 'decimal' | 'whole' | 'day' | 'time'
  /** Characters at most; 0 for forms that have no limit. */
  readonly max: number
  readonly optional: boolean
}

/** One exchange: what is sent, what is answered, and what the gateway must see in both. */
export interface Fixture {
  readonly operation: string
  readonly fields: readonly Field[]
  readonly request: Row & { readonly input: Row }
  readonly reply: Row & { readonly output: Row | null }
  readonly subject: Subject
  /** Its codes that must be national and are of no line. */
  readonly codes?: readonly ClaimCode[]
  readonly result?: { readonly settlement?: Settlement; readonly encounter?: string }
}

/** The systems in which the institution of the fixtures speaks. */
export const SYSTEMS: Systems = { item: 'H62010200001', diagnosis: 'H62010200001-diagnosis' }

const FOLDER = join(import.meta.dirname, 'fixtures')

function fieldOf([path, written]: [string, string]): Field {
  const [form, ...rest] = written.split(' ')
  const max = rest.find((word) => /^\d+$/.test(word))
  return { path, form: form as Field['form'], max: Number(max ?? 0), optional: rest.includes('optional') }
}

/** All fixtures, by transaction. */
export const FIXTURES: readonly Fixture[] = readdirSync(FOLDER).map((file) => {
  const read = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
  return { ...read, fields: Object.entries<string>(read.fields).map(fieldOf) }
})

/** The fixture of a transaction. */
export function fixture(operation: string): Fixture {
  return FIXTURES.find((each) => each.operation === operation)!
}

/** Bytes of a message. */
export const bytes = (message: unknown) => Buffer.from(JSON.stringify(message))

/** Takes a request as the gateway does: the envelope is opened, the input read. */
export function take(request: unknown): Message {
  return national.read(national.open(bytes(request), null), SYSTEMS)
}

/** The message of a fixture. */
export const messageOf = (operation: string): Message => take(fixture(operation).request)

/** A copy of the request with another value at a path of its input; `undefined` takes the field away. */
export function changed({ request }: Fixture, path: string, value: unknown): Row {
  const copy = structuredClone(request) as Row
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  const last = steps.pop()!
  const holder = steps.reduce<Row>((node, step) => node[step] as Row, copy.input as Row)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return copy
}

/** The answer of a fixture with other members. */
export function answered(operation: string, members: Row): Buffer {
  return bytes({ ...fixture(operation).reply, ...members })
}

/** The answer of a fixture with other amounts in its `setlinfo`; `undefined` takes one away. */
export function paid(operation: string, amounts: Row): Buffer {
  const output = fixture(operation).reply.output!
  return answered(operation, { output: { ...output, setlinfo: { ...(output.setlinfo as Row), ...amounts } } })
}
