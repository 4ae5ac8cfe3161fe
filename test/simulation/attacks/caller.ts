/**
 * A hospital system at the doors: it sends a request until it is told clearly, and meanwhile does what systems do wrong:
 * sends it twice at once, again after the answer, or with another body.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Dice } from '../../../src/seeded-random.ts'
import type { Gate } from './gate.ts'
import { type Ledger, type Money, movesMoney } from './ledger.ts'
import { isFinal, type Reply, type Request, readNational, readRest, type Yes } from './request.ts'

/** So long a system asks with the same request while nobody is told anything; then it calls for help. */
const PATIENCE_MS = 300_000
const PAUSE_MS = 120
/** Longer than the gateway's deadline and than it is ever stopped. */
const CALL_MS = 12_000
/** Shares of the messages of money that are sent by both systems of the hospital, again, and with another body. */
const TWICE = 0.08
const AGAIN = 0.15
const CONTRARY = 0.08

/** Systems of the same hospitals, by their keys: both may ask for everything. */
export const SYSTEMS = ['his-one', 'his-two'] as const

/** What a call needs. */
export interface Line {
  readonly pool: Pool
  readonly gate: Gate
  readonly ledger: Ledger
  readonly dice: Dice
}

/** Opens the connections of all callers. */
export function openPool(url: string): Pool {
  return new Pool(url, {
    connections: 64,
    headersTimeout: CALL_MS,
    bodyTimeout: CALL_MS,
    connectTimeout: 3000,
  })
}

/** One call. @returns null where nothing was heard, which proves nothing */
export async function call(
  pool: Pool,
  request: Request,
  system: string,
  body = request.body,
): Promise<Reply | null> {
  try {
    const headers = { 'content-type': 'application/json', 'x-api-key': system, ...request.headers }
    const answer = await pool.request({ method: 'POST', path: request.path, headers, body })
    const bytes = await answer.body.text()
    if (request.door === 'rest') return readRest(bytes, answer.statusCode < 300)
    return readNational(bytes, String(answer.headers['zhijie-retry'] ?? ''))
  } catch {
    return null
  }
}

/** Sends until there is a clear answer. @returns null where there was none in the patience of a counter */
export async function insist(line: Line, request: Request): Promise<Reply | null> {
  const { ledger, dice } = line
  const row = movesMoney(request.transaction) ? ledger.begin(request) : null
  if (request.transaction === '1101') ledger.question = request
  const system = dice.pick(SYSTEMS)
  const began = Date.now()
  while (row?.state !== 'by hand') {
    const reply = row && dice.happens(TWICE) ? await both(line, request) : await once(line, request, system)
    if (reply && isFinal(reply)) {
      if (row) await told(line, row, reply)
      return reply
    }
    // As long as others are served the machine is only busy.
    if (Date.now() > Math.max(began, ledger.toldAt) + PATIENCE_MS) {
      if (row) ledger.tell(row, 'unknown', { code: reply?.is === 'no' ? reply.code : '' })
      return null
    }
    await pause(PAUSE_MS)
  }
  return null
}

function once({ pool, gate }: Line, request: Request, system: string, body?: string): Promise<Reply | null> {
  return gate.pass(() => call(pool, request, system, body))
}

/** Both systems of the hospital send the same at one moment. */
async function both(line: Line, request: Request): Promise<Reply | null> {
  line.ledger.tried.twice += 1
  const [one, two] = await Promise.all(SYSTEMS.map((system) => once(line, request, system)))
  if (one && two) compare(line.ledger, request, one, two, 'both systems at once')
  return one && isFinal(one) ? one : (two ?? one ?? null)
}

async function told(line: Line, row: Money, reply: Reply): Promise<void> {
  const { ledger, dice } = line
  if (reply.is === 'no') return ledger.tell(row, 'no', { code: reply.code })
  ledger.tell(row, 'yes', { yes: reply })
  const { epoch } = ledger
  // What the backup does not know must be asked for by nobody.
  const same = () => ledger.epoch === epoch
  if (dice.happens(AGAIN)) await again(line, row.request, reply, same)
  if (dice.happens(CONTRARY)) await contradict(line, row.request, same)
}

async function again(line: Line, request: Request, first: Yes, same: () => boolean): Promise<void> {
  const { gate, pool, ledger, dice } = line
  const reply = await gate.pass(() =>
    same() ? call(pool, request, dice.pick(SYSTEMS)) : Promise.resolve(null),
  )
  ledger.tried.again += 1
  if (reply) compare(ledger, request, first, reply, 'again')
}

async function contradict(line: Line, { ...request }: Request, same: () => boolean): Promise<void> {
  const { gate, pool, ledger, dice } = line
  const reply = await gate.pass(() =>
    same() ? call(pool, request, dice.pick(SYSTEMS), request.contrary) : Promise.resolve(null),
  )
  ledger.tried.contrary += 1
  if (!reply || (reply.is === 'no' && (reply.code === 'key-conflict' || !isFinal(reply)))) return
  const what = reply.is === 'yes' ? 'yes' : reply.code || reply.text
  ledger.fault(`${named(request)}: another body under its key was told ${what}`)
}

/** Two clear answers to one request say the same, to the byte where they are a yes. */
export function compare(ledger: Ledger, request: Request, one: Reply, two: Reply, how: string): void {
  if (!isFinal(one) || !isFinal(two)) return
  const differ =
    one.is !== two.is ||
    (one.is === 'yes' && two.is === 'yes' && one.bytes !== two.bytes) ||
    (one.is === 'no' && two.is === 'no' && one.code !== two.code)
  const said = (reply: Reply) => (reply.is === 'yes' ? 'yes' : `no (${reply.code} ${reply.text})`)
  if (differ) ledger.fault(`${named(request)} ${how}: ${said(one)}, then ${said(two)}`)
}

/** A request as people look for it. */
export function named({ door, transaction, institution, key }: Request): string {
  return `${transaction} ${institution} ${key} (${door})`
}
