/**
 * What a platform tells by itself: that something has become of an order. It is never proof. It is checked, found to be of an
 * order of ours, noted, and then the gateway's own question about that order is asked at once instead of in its turn: what
 * that shows decides, so a forged notice costs a question and changes nothing.
 */
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { type ExchangeEntry, isSamePlatform, type Unresolved } from '../journal/entry.ts'
import { anonymousIntent } from '../journal/journal.ts'
import { type Caller, isPlatformOf, notReady } from './callers.ts'
import type { Services } from './context.ts'
import { MisdirectedRequest } from './misdirected.ts'
import { checkAreas } from './receive.ts'
import type { Recovery } from './recovery/recover.ts'
import type { Speaks } from './spoken.ts'

/** What taking a notice needs. */
export interface NoticePorts {
  readonly services: Pick<
    Services,
    'clock' | 'codes' | 'directory' | 'formats' | 'ids' | 'journal' | 'shards'
  > &
    Pick<Speaks, 'dialect'>
  readonly recovery: Pick<Recovery, 'hasten'>
  ready(): boolean
}

/**
 * Takes one notice: notes it durably, then hastens.
 *
 * @returns the answer in the platform's envelope; where another worker serves the institution, that
 * @throws {GatewayError} for what is not taken, with nothing changed: unreadable-body, unknown-transaction, invalid-field,
 *   unknown-area, institution-closed; not-found for an order that nobody knows, foreign-institution for another institution's
 *   or platform's; not-ready, journal-down
 */
export async function takeNotice(
  { services, recovery, ready }: NoticePorts,
  caller: Caller,
  body: Buffer,
): Promise<Buffer | MisdirectedRequest> {
  if (!ready()) throw notReady()
  const { clock, dialect, ids, journal, shards } = services
  const envelope = dialect.open(body, null)
  const { operation } = envelope
  if (!operation.tells) {
    const told = `${operation.transaction}不是由平台发给医院的通知，本地址不受理`
    throw new GatewayError('unknown-transaction', 'receive', told)
  }
  const owner = shards?.ownerElsewhere(envelope.institution) ?? null
  if (owner !== null) return new MisdirectedRequest(owner, body)
  const message = readNotice(services, envelope)
  const order = orderOf(message)
  const pending = await pendingOf(services, caller, message, order)
  const now = clock.now()
  const { institution, treatmentArea, insuredArea } = message
  const where = { institution, treatmentArea, insuredArea, destination: pending.destination }
  // Only the number of the order: a notice names amounts and a licence to reverse, which nobody may come by here.
  const sealed = Buffer.from(JSON.stringify({ order, pending: pending.cases.length }))
  await journal.keep(
    {
      ...anonymousIntent(dialect.id, now),
      ...{ ...where, caller: caller.id, transaction: operation.transaction, sealed },
    },
    { state: 'accepted', at: now, hop: 'gateway' },
  )
  for (const { exchange } of pending.cases) recovery.hasten(exchange.id, 'ask')
  const told =
    pending.cases.length > 0 ? '已收到，网关将向平台查询该订单' : '已收到，该订单已有结果，没有变更'
  return dialect.answer(message, { data: { success: true, message: told } }, now, ids.answer(treatmentArea))
}

/** Reads it as of its institution, whatever caller has sent it. */
function readNotice(
  { clock, codes, dialect, directory }: NoticePorts['services'],
  envelope: ReturnType<NoticePorts['services']['dialect']['open']>,
): Message {
  const today = directory.today(clock.now())
  checkAreas({ directory, codes: codes.current(), today }, envelope)
  const institution = directory.institution(codes.current(), envelope.institution, today)
  if (!institution)
    throw new GatewayError('institution-closed', 'receive', `定点医药机构${envelope.institution}未登记`)
  return dialect.read(envelope, institution.systems)
}

/** The order that it names: not every place requires the field. @throws {GatewayError} invalid-field */
function orderOf({ operation, document }: Message): string {
  try {
    return operation.tells!(document.json().input)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new GatewayError('invalid-field', 'receive', `${cause.message}，没有变更`, {}, cause)
  }
}

/** Where an order was sent, and what of it has no outcome yet. */
interface Pending {
  readonly destination: string | null
  readonly cases: readonly Unresolved[]
}

/** @throws {GatewayError} not-found, foreign-institution */
async function pendingOf(
  { journal }: NoticePorts['services'],
  caller: Caller,
  { institution, insuredArea }: Message,
  order: string,
): Promise<Pending> {
  const open = (await journal.unresolved()).filter(({ exchange }) => exchange.settlement === order)
  const known = [...(await journal.settlers(order)), ...open]
  if (known.length === 0) throw new GatewayError('not-found', 'receive', '未查询到该订单，没有变更')
  const isOwn = (exchange: ExchangeEntry) =>
    exchange.institution === institution && isSamePlatform(exchange.insuredArea, insuredArea)
  const own = known.filter(({ exchange }) => isOwn(exchange))
  if (own.length === 0) throw foreign('该订单不属于报文所填的定点医药机构或参保地，没有变更')
  const ofCaller = own.find(({ exchange }) => isPlatformOf(caller, exchange.destination))
  if (!ofCaller) throw foreign('该订单不是由该平台办理的，没有变更')
  return { destination: ofCaller.exchange.destination, cases: open.filter(mayBeHastened(isOwn)) }
}

/**
 * Only what no search has missed yet is asked sooner: three searches in vain end a case as not done, and nobody outside may
 * bring those closer together.
 */
const mayBeHastened =
  (isOwn: (exchange: ExchangeEntry) => boolean) =>
  ({ exchange, state, searches }: Unresolved): boolean =>
    isOwn(exchange) && state === 'unknown' && searches === 0

function foreign(told: string): GatewayError {
  return new GatewayError('foreign-institution', 'receive', told)
}
