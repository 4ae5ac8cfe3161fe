/** What an answer of the gateway says: yes, or which kind of no, and the reason in words that anyone may read. */

/**
 * `yes` done; `refused` the platform or a rule said no; `unsent` it did not leave the gateway; `unanswered` a question
 * without an answer; `unknown` no clear answer, money may have moved.
 */
export const OUTCOMES = ['yes', 'refused', 'unsent', 'unanswered', 'unknown'] as const

/** One of them. */
export type Outcome = (typeof OUTCOMES)[number]

/** A row of the gateway's problem table, as `GET /problems` shows it. */
export interface ProblemRow {
  readonly type?: string
  readonly zh: string
  readonly title: string
  readonly retry: string
}

/** What was understood of an answer. */
export interface Understood {
  readonly outcome: Outcome
  /** `E701`, empty if none was given. */
  readonly code: string
  /** The Chinese sentence without numbers of persons or messages; empty with a yes. */
  readonly text: string
  /** What the sentence begins with, in English; empty if the table does not have it. */
  readonly title: string
}

/** What stands in front of the sentence: the failure reason, and the code of the problem. */
const HEAD = /^(?:(E\d{3})\s*)?(?:\[([a-z-]+)\]\s*)?/
/** Numbers as long as a birthday in figures: identities, messages, settlements, telephones. Area codes are shorter. */
const LONG_NUMBER = /[0-9A-Za-z]*\d{7,}[0-9A-Za-z]*/g
const TEXT_LENGTH_MAX = 160

/** A sentence without the numbers by which somebody could be known. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(LONG_NUMBER, '…').slice(0, TEXT_LENGTH_MAX)
}

/** What a no is, by the row of the problem table and the sentence. */
function outcomeOf(row: ProblemRow | undefined, text: string): Outcome {
  if (text.includes('查询未完成')) return 'unanswered'
  if (row?.retry === 'inquire-first' || text.includes('结果未知')) return 'unknown'
  return row?.retry === 'same-key' ? 'unsent' : 'refused'
}

/** The row of an answer that names none, as those of other gateways and of the bench. */
function rowByWords(problems: readonly ProblemRow[], text: string): ProblemRow | undefined {
  return problems
    .filter(({ zh }) => text.startsWith(zh))
    .toSorted((one, other) => other.zh.length - one.zh.length)[0]
}

/** Reads an answer of the national door. */
export function understand(
  answer: { readonly infcode?: unknown; readonly err_msg?: unknown },
  problems: readonly ProblemRow[],
): Understood {
  if (Number(answer.infcode) === 0) return { outcome: 'yes', code: '', text: '', title: '' }
  const told = String(answer.err_msg ?? '')
  const [head, code = '', problem] = HEAD.exec(told)!
  const text = told.slice(head.length)
  const row = problems.find(({ type }) => type === `/problems/${problem}`) ?? rowByWords(problems, text)
  return {
    outcome: outcomeOf(row, text),
    code,
    text: withoutNumbers(text),
    title: row?.title ?? '',
  }
}

/** What is said of a message that the gateway itself did not answer. */
export const LOST: Understood = {
  outcome: 'unknown',
  code: '',
  text: '网关没有应答',
  title: 'The gateway did not answer',
}

/** Milliseconds by who spent them, from a `Server-Timing` header; empty if there is none. */
export function serverTimes(header: string | readonly string[] | undefined): Record<string, number> {
  const parts = [header ?? []].flat().join(',').split(',')
  return Object.fromEntries(
    parts.flatMap((part) => {
      const [, name, ms] = /^\s*([\w-]+);(?:.*;)?\s*dur=([\d.]+)/.exec(part) ?? []
      return name && ms ? [[name, Number(ms)]] : []
    }),
  )
}
