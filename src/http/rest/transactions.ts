/**
 * The transactions of the catalogue over REST: one endpoint each, generated from its row. A body consists of the
 * common fields of this API and the nodes of the transaction under their national names. The nodes are validated in
 * the pipeline like a message of the national endpoint, so that both refuse the same.
 */
import { z } from '@hono/zod-openapi'
import type { Catalogue } from '../../extension/catalogue.ts'
import type { Dialect, Operation } from '../../extension/dialect.ts'
import { type Addressed, addressed } from './addresses.ts'
import type { Handled } from './endpoint.ts'
import type { Head } from './envelope.ts'
import { area, head } from './fields.ts'
import { type Call, type Done, headOf, send } from './send.ts'

/** The common fields of a body, besides the nodes. The insured place defaults to the place of treatment. */
export const TransactionHead = z.looseObject({
  ...head,
  insuredArea: area('参保地医保区划 insuplc_admdvs；不填即就医地', '430902').optional(),
})

type Body = z.output<typeof TransactionHead>

/** Kinds without effect: they need no key. */
const ASKING: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>(['session', 'query', 'trial'])

/** Whether a request needs a key. */
export function isKeyed({ kind }: Pick<Operation, 'kind'>): boolean {
  return !ASKING.has(kind)
}

/**
 * Where the common fields came from, except for names that the input itself has at its top level (`fixmedins_code` in
 * some).
 */
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

/** The endpoints of all transactions with an address and no route of their own. */
export function transactionEndpoints(dialect: Dialect): Handled[] {
  const { catalogue } = dialect
  return catalogue ? addressed(dialect).map((one) => endpointOf(catalogue, one)) : []
}
