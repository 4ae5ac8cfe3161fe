/** The form in which a caller is answered: the national envelope, or the JSON of the REST door. */
import type { Instant } from '../domain/day.ts'
import type { GatewayError, ProblemCode } from '../domain/problems.ts'
import type { Dialect, Message } from '../extension/dialect.ts'
import type { RefusedRows } from '../extension/reply.ts'

/** What a platform says with its yes. */
export interface Said {
  /** Under the names of the national standard. */
  output(): unknown
  warning(): string | null
  /** Its own bytes, if they are in the dialect of the caller; null also where the answer was pieced together from evidence. */
  readonly own: Buffer | null
  /** Rows of a list that it has not taken; absent: none. */
  readonly refused?: RefusedRows | undefined
}

/** Of an answer that no platform gave in one piece. */
export const PIECED_TOGETHER = { warning: () => null, own: null } as const

/** Writes answers. What it writes is stored and given again byte for byte. */
export interface AnswerFormat {
  readonly id: string
  success(message: Message, said: Said, at: Instant, id: string): Buffer
  /** @param transaction what was asked for; absent where that is not known */
  failure(error: GatewayError, at: Instant, id: string, transaction?: string | null): Buffer
}

/** Problems whose details do not say by themselves that it was this: the counter reads the title before them. */
const TITLED: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'bad-amounts',
  'destination-down',
  'fund-refused',
  'invalid-field',
  'outcome-unknown',
])

/** The sentence for the counter: what happened, and what to do. A list of bad lines says by itself what is wrong with them. */
export function counterText({ code, row, extra, message }: GatewayError): string {
  return TITLED.has(code) && !extra.lines ? `${row.zh}：${message}` : message
}

/** The failure reason of an error: its own, else its row's. */
export function reasonOf(error: GatewayError): string | null {
  const { reason } = error.extra
  return typeof reason === 'string' ? reason : error.row.reason
}

/** The format of a dialect: a yes of a platform that speaks it too goes back as it came. */
export function dialectFormat(dialect: Dialect): AnswerFormat {
  return {
    id: dialect.id,
    success: (message, { output, own }, at, id) => own ?? dialect.answer(message, output(), at, id),
    failure(error, at, id, transaction) {
      const told = { reason: reasonOf(error), code: error.code, text: counterText(error) }
      return dialect.refuse(told, at, id, transaction)
    },
  }
}
