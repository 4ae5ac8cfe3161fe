/**
 * The transactions of the catalogue over REST: one endpoint each, made of its row. A body is the head that every request of
 * this door has, beside the nodes of the transaction under their national names. What a node must hold is judged on the way,
 * as of a message of the national door, so both refuse the same.
 */
import { z } from '@hono/zod-openapi'
import type { Catalogue } from '../../extension/catalogue.ts'
import type { Dialect, Operation } from '../../extension/dialect.ts'
import { type Addressed, addressed } from './addresses.ts'
import type { Handled } from './endpoint.ts'
import type { Head } from './envelope.ts'
import { area, head } from './fields.ts'
import { type Call, type Done, headOf, send } from './send.ts'

/** The head of a body; the nodes stand beside it. Without an insured place it is that of treatment. */
export const TransactionHead = z.looseObject({
  ...head,
  insuredArea: area('参保地医保区划 insuplc_admdvs；不填即就医地', '430902').optional(),
})

type Body = z.output<typeof TransactionHead>

/** Kinds that change nothing: they need no key. */
const ASKING: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>(['session', 'query', 'trial'])

/** Whether a request of it needs a key. */
export function isKeyed({ kind }: Pick<Operation, 'kind'>): boolean {
  return !ASKING.has(kind)
}

/** Where the head's fields came from, but for names that the input itself has at its top (`fixmedins_code` of some). */
function placesBeside({ places }: Head, catalogue: Catalogue, number: string): Head['places'] {
  const top = catalogue.entry(number).input.find(({ at }) => at === '')
  const own = new Set(top?.fields.map(({ name }) => name))
  const left = Object.entries(places).filter(([field]) => !own.has(field))
  return Object.fromEntries(left) as unknown as Head['places']
}

async function carry(catalogue: Catalogue, operation: Operation, call: Call<Body>): Promise<Done> {
  const { institution, insuredArea, treatmentArea, operator, ...input } = call.body
  const known = headOf(call.services, {
    institution,
    insuredArea: insuredArea ?? '',
    treatmentArea,
    operator,
  })
  const places = placesBeside(known, catalogue, operation.transaction)
  const sent = { ...known, insuredArea: insuredArea ?? known.treatmentArea, places }
  return send(call, { operation: operation.name, head: sent, input: { input, places: () => ({}) } })
}

function endpointOf(catalogue: Catalogue, { operation, path }: Addressed): Handled {
  return {
    id: operation.name,
    path,
    request: TransactionHead,
    yes: 200,
    keyed: isKeyed(operation),
    run: (call) => carry(catalogue, operation, call as Call<Body>),
  }
}

/** The endpoints of every transaction that has an address and no route of its own. */
export function transactionEndpoints(dialect: Dialect): Handled[] {
  const { catalogue } = dialect
  return catalogue ? addressed(dialect).map((one) => endpointOf(catalogue, one)) : []
}
