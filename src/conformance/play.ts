/** Plays messages against a target and records the results. */
import type { Fields, MessageSender } from '../client/message.ts'
import type { Check } from './check.ts'
import type { Heard, Sent, Target } from './target.ts'

/** A lane cannot continue: a step that the next ones need was not accepted. Already recorded. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/** A successful answer. */
export interface Answered {
  readonly output: Fields
  readonly sent: Sent
  readonly heard: Heard
}

/** Requirements on a refusal. */
export interface Refusal {
  /** Any of them must occur: the field, its Chinese name. */
  readonly says?: readonly string[]
}

/** Plays the checks of one lane as one sender. */
export class Play {
  readonly #target: Target
  readonly #lane: string
  readonly #note: (check: Check) => void
  readonly sender: MessageSender

  constructor(target: Target, lane: string, sender: MessageSender, note: (check: Check) => void) {
    this.#target = target
    this.#lane = lane
    this.#note = note
    this.sender = sender
  }

  /** The same lane as another sender. */
  as(sender: MessageSender): Play {
    return new Play(this.#target, this.#lane, sender, this.#note)
  }

  /** A message that must be accepted. @throws {Broken} if it is not */
  async yes(transaction: string, what: string, input: unknown): Promise<Answered> {
    const sent = this.#target.write(this.sender, transaction, input)
    const heard = await this.#target.send(sent)
    this.#tell(transaction, what, heard, heard.yes ? null : `不应拒绝：${heard.text}`)
    if (!heard.yes) throw new Broken(heard.text)
    const isObject = typeof heard.output === 'object' && heard.output !== null
    return { output: isObject ? (heard.output as Fields) : {}, sent, heard }
  }

  /** A message that must be refused with the right reason. @param id of an earlier message, to reuse */
  async no(
    transaction: string,
    what: string,
    input: unknown,
    { says = [] }: Refusal = {},
    id?: string,
  ): Promise<void> {
    const heard = await this.#target.send(this.#target.write(this.sender, transaction, input, id))
    this.#tell(transaction, what, heard, faultOfNo(heard, says))
  }

  /** Repeats a message: the answer must be identical, byte for byte. */
  async again(transaction: string, what: string, { sent, heard }: Answered): Promise<void> {
    const second = await this.#target.send(sent)
    const isSame = second.bytes === heard.bytes
    this.#tell(transaction, what, second, isSame ? null : `应答不同：${second.bytes.slice(0, 200)}`)
  }

  /** A property that an answer must have. */
  holds(transaction: string, what: string, holds: boolean, otherwise: string): void {
    this.#write(transaction, what, 0, holds ? null : otherwise)
  }

  #tell(transaction: string, what: string, { ms }: Heard, fault: string | null): void {
    this.#write(transaction, what, ms, fault)
  }

  #write(transaction: string, what: string, ms: number, fault: string | null): void {
    this.#note({ lane: this.#lane, transaction, name: `${transaction} ${what}`, fault, ms })
  }
}

function faultOfNo({ yes, text, bytes }: Heard, says: readonly string[]): string | null {
  if (yes) return `应拒绝而成功：${bytes.slice(0, 200)}`
  if (text === '') return '拒绝而未说明原因'
  return says.length === 0 || says.some((word) => word !== '' && text.includes(word))
    ? null
    : `未指明${says.filter(Boolean).join('或')}：${text}`
}
