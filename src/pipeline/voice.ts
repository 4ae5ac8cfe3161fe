/** The form in which a caller is answered: the national envelope, or the JSON of the REST door. */
import type { Instant } from '../domain/day.ts'
import type { GatewayError } from '../domain/problems.ts'
import type { Dialect, Message } from '../extension/dialect.ts'

/** What a platform says with its yes. */
export interface Said {
  /** Under the names of the national standard. */
  output(): unknown
  warning(): string | null
  /** Its own bytes, if they are in the dialect of the caller; null also where the answer was pieced together from evidence. */
  readonly own: Buffer | null
}

/** Of an answer that no platform gave in one piece. */
export const PIECED_TOGETHER = { warning: () => null, own: null } as const

/** Writes answers. What it writes is stored and given again byte for byte. */
export interface Voice {
  readonly id: string
  yes(message: Message, said: Said, at: Instant, id: string): Buffer
  no(error: GatewayError, at: Instant, id: string): Buffer
}

/** What the caller may do next, for the counter. */
const NEXT = { never: '', 'same-key': '，可用同一报文ID重发', 'inquire-first': '' } as const

/** All runs of a number of characters of a text, in its order. */
function runsOf(text: string, length: number): string[] {
  const characters = [...text]
  const runs = characters.slice(length - 1).map((_, from) => characters.slice(from, from + length).join(''))
  return [...new Set(runs)]
}

/**
 * Whether a detail says the title of its row in its own words, so that both together would say it twice: three
 * characters in a row of the title stand in it, or half of its pairs.
 *
 * @param title `不支持的交易编号`
 * @param detail `不支持该交易编号infno`
 */
export function saysItself(title: string, detail: string): boolean {
  if (runsOf(title, 3).some((run) => detail.includes(run))) return true
  const pairs = runsOf(title, 2)
  return pairs.filter((pair) => detail.includes(pair)).length * 2 >= pairs.length
}

/** The sentence for the counter: what happened, and what to do. Nothing is said twice. */
export function counterText(error: GatewayError): string {
  const { zh, retry } = error.row
  const sentence = saysItself(zh, error.message) ? error.message : `${zh}：${error.message}`
  return sentence + (sentence.includes('同一报文ID') ? '' : NEXT[retry])
}

/** The failure reason of an error: its own, else its row's. */
export function reasonOf(error: GatewayError): string | null {
  const { reason } = error.extra
  return typeof reason === 'string' ? reason : error.row.reason
}

/** The voice of a dialect: a yes of a platform that speaks it too goes back as it came. */
export function dialectVoice(dialect: Dialect): Voice {
  return {
    id: dialect.id,
    yes: (message, { output, own }, at, id) => own ?? dialect.answer(message, output(), at, id),
    no: (error, at, id) =>
      dialect.refuse({ reason: reasonOf(error), code: error.code, text: counterText(error) }, at, id),
  }
}
