/** What the key of an archived message is answered: it stays used for ever, and its stored answer is gone. */
import { dayOf } from '../domain/day.ts'
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { StoredExchange } from '../journal/entry.ts'
import type { State } from '../journal/exchange-state.ts'

/** How a message ended, for the counter. Those that want an outcome are never archived. */
const ENDED: Readonly<Record<State, string>> = {
  accepted: '平台已办理',
  refused: '平台已拒绝，未办理',
  rejected: '网关已拒绝，未发出',
  reversed: '已冲正，未发生结算',
  unsent: '未能发出，未发生费用',
  open: '结果未知',
  unknown: '结果未知',
  undoing: '结果未知',
}

/** What to do: what stands is asked for and never made anew; what does not stand may be. */
function nextOf({ state, exchange }: StoredExchange, { key, lookup }: Terms): string {
  if (state !== 'accepted') return `可用/v1/status查询；如仍需办理，请换用新的${key}`
  return exchange.kind === 'settlement' || exchange.kind === 'cancellation'
    ? `结算内容请用${lookup}查询，请勿另行结算或重复收费`
    : '请用/v1/status查询，请勿重复办理'
}

/** The answer to a message whose key was used by an archived one with the same body. */
export function archivedKey(known: StoredExchange): GatewayError {
  const { state, since, settlement, encounter } = known
  const day = dayOf(since)
  const id = settlement && state === 'accepted' ? `（结算ID ${settlement}）` : ''
  const detail = (terms: Terms) =>
    `该报文已归档，已于${day}办结：${ENDED[state]}${id}。首次应答已不保存，本次未向平台发送。${nextOf(known, terms)}`
  return new GatewayError('key-retired', 'journal', detail, { state, endedOn: day, encounter, settlement })
}
