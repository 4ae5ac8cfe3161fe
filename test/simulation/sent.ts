/** What a hospital sends through either door, and the two forms in which it can say it. */
import type { OutboundReply } from '../../src/pipeline/context.ts'
import type { Box } from './goods.ts'

/** An insured person, invented. */
export interface Person {
  readonly psn_no: string
  readonly document: string
  readonly area: string
}

/** A fee line: its code as the hospital writes it, and the day of the fee. */
export interface Line {
  readonly serial: string
  readonly code: string
  readonly day: string
  readonly fen: number
}

/** A message as a hospital sends it. */
export interface Sent {
  readonly door: 'national' | 'rest'
  readonly infno: string
  /** Message id; empty where the door makes it. */
  readonly msgid: string
  /** Its key in the journal. */
  readonly key: string
  /** For a trace and for faults. */
  readonly name: string
  readonly person: Person
  readonly encounter: string | null
  /** The order that it pays, undoes or takes back, which it names in the place of a person. */
  readonly order?: string
  /** What it reverses. */
  readonly undoes: { readonly infno: string; readonly msgid: string } | null
  readonly lines: readonly Line[]
  /** Whether it is the other body under a key that is already used. */
  readonly other: boolean
  readonly bytes: Buffer
  /** Address and key over REST. */
  readonly rest: { readonly path: string; readonly key: string | null; readonly caller: string } | null
  /** The same key with another body. */
  contradiction(): Sent
}

/** The bill of a visit, a stay or a purchase. */
export interface Bill {
  readonly person: Person
  readonly encounter: string
  readonly stay: boolean
  readonly purchase?: true
  /** A part of a stay that lasts. */
  readonly midway?: true
  readonly total: number
  readonly batch: string
}

/** One way of saying things: the national interface, or REST. Times are Shanghai texts. */
export interface Form {
  /** Code of the institution. */
  readonly institution: string
  open(person: Person, stay: boolean, number: string, at: string): Sent
  lines(person: Person, encounter: string, stay: boolean, lines: readonly Line[], batch: string): Sent
  discharge(person: Person, encounter: string, at: string): Sent
  settle(bill: Bill): Sent
  cancel(bill: Bill, settlement: string): Sent
  /** Buys: registers, charges and settles at once. */
  buy(person: Person, lines: readonly Line[], at: string): Sent
  /** Asks who the person is. */
  ask(person: Person, encounter: string | null): Sent
  /** Things that only the national form can say. */
  readonly only: {
    readmit(person: Person, encounter: string): Sent
    /** Sells boxes, or takes them back: a list, or one. */
    goods(infno: string, boxes: readonly Box[], person: Person): Sent
    reverse(person: Person, infno: string, msgid: string): Sent
    /** Any transaction. */
    say(
      infno: string,
      input: object,
      person: Person,
      about?: Partial<Pick<Sent, 'order' | 'undoes' | 'encounter'>>,
    ): Sent
  } | null
  encounterOf(answer: OutboundReply): string
  settlementOf(answer: OutboundReply): string
}
