/**
 * The REST API of a gateway as a target: the same inputs at the address of each transaction, with the message id as
 * key. Transactions without a REST address use the national API, so that a lane can be played to its end.
 */
import { Pool } from 'undici'
import { createMessageIds } from '../client/message.ts'
import type { Instant } from '../domain/day.ts'
import { type Heard, type Target, WAIT_MS } from './target.ts'

/**
 * The key of a message. The long digits of a message id may look like a personal number, which no key may contain.
 */
const keyOf = (id: string) => id.replaceAll(/.{8}/g, '$&-')

/**
 * Connects to it.
 *
 * @param national the national API of the same gateway; closed together
 * @param addresses paths by number
 */
export function openRestTarget(
  url: string,
  key: string | null,
  connections: number,
  national: Target,
  addresses: ReadonlyMap<string, string>,
): Target {
  const pool = new Pool(new URL(url).origin, { connections, headersTimeout: WAIT_MS, bodyTimeout: WAIT_MS })
  const newId = createMessageIds(Math.floor(Date.now() / 11))
  const head = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  return {
    write(sender, transaction, input, id) {
      const path = addresses.get(transaction)
      if (path === undefined) return national.write(sender, transaction, input, id)
      const { institution, insuredArea, treatmentArea } = sender
      const body = JSON.stringify({ institution, insuredArea, treatmentArea, ...(input as object) })
      return { id: id ?? newId(institution, Date.now() as Instant), body, path }
    },
    async send(message) {
      const { id, body, path } = message
      if (path === undefined) return national.send(message)
      const started = performance.now()
      const since = () => performance.now() - started
      try {
        const headers = { ...head, 'idempotency-key': keyOf(id) }
        const answer = await pool.request({ method: 'POST', path, headers, body })
        const bytes = await answer.body.text()
        return { ...readAnswer(bytes, answer.statusCode), bytes, ms: since() }
      } catch (cause) {
        const text = `没有应答：${(cause as Error).message}`
        return { yes: false, text, output: null, bytes: '', ms: since() }
      }
    },
    async close() {
      await pool.close()
      await national.close()
    },
  }
}

function readAnswer(bytes: string, status: number): Pick<Heard, 'yes' | 'text' | 'output'> {
  try {
    const { detail, output } = JSON.parse(bytes) as Record<string, unknown>
    return { yes: status < 300, text: String(detail ?? ''), output: output ?? null }
  } catch {
    return { yes: false, text: `HTTP ${status}，不是JSON：${bytes.slice(0, 200)}`, output: null }
  }
}
