/** Injectable faults of a platform. Admin endpoints are unaffected. */
import { z } from 'zod'
import { type Area, hasAreaShape, liesIn, parseArea } from '../domain/area.ts'
import type { Draw } from '../seeded-random.ts'

/** Kinds that an order has, and no call. */
const ORDER_KINDS = ['linger', 'half'] as const

const isOrders = ({ kind }: Fault) => ORDER_KINDS.some((one) => one === kind)

/** Longest time a fault may take. */
const FAULT_MS_MAX = 600_000

/**
 * One fault: `delay` books at once and answers `ms` later; `drop-before` books nothing and never answers; `drop-after`
 * books and never answers; `reset` destroys the socket before or after booking; `late` books only after `ms`; `double`
 * answers twice on the connection, the second time 0 to `ms` later; `garbage` books and answers unreadable bytes; `down`
 * destroys the connection, before it is read where no transaction is named, and nothing is booked;
 * `stop` is an announced window: messages for the area (all where absent) get E702; `unpaid` leaves an order that is pushed to a
 * phone unpaid. Of orders of mobile payment: `linger` takes the payment and answers with `state`, which becomes `ends` after `ms`
 * (6 paid, 15 failed); `half` answers a refund of both legs with EXP, of which after `ms` the other leg follows (`ends` 7) or the
 * first is taken back (`ends` 6).
 */
const given = z.strictObject({
  kind: z.enum([
    ...['delay', 'drop-before', 'drop-after', 'reset', 'late', 'double', 'garbage', 'down', 'stop', 'unpaid'],
    ...ORDER_KINDS,
  ] as const),
  /** Only this transaction; any where absent. */
  transaction: z
    .string()
    .regex(/^\d{4,6}[A-Z]?$/)
    .optional(),
  /** For `stop`: insured province, city or county. */
  area: z.string().refine(hasAreaShape).optional(),
  /** Share of the messages that have it. */
  share: z.number().min(0).max(1).default(1),
  /** 0 for `double`, 1000 for any other where absent. */
  ms: z.int().min(0).max(FAULT_MS_MAX).optional(),
  /** How often it occurs; unlimited if absent. */
  times: z.int().min(1).optional(),
  /** For `reset`. */
  when: z.enum(['before', 'after']).default('after'),
  /** For `linger`: a state that is not the end. */
  state: z.enum(['2', '3', '4', '5']).default('4'),
  /** For `linger` and `half`: the state that it comes to; 6 and 7 where absent. */
  ends: z.enum(['6', '7', '15']).optional(),
})

const fault = given.transform((own) => ({
  ...own,
  ms: own.ms ?? (own.kind === 'double' ? 0 : 1000),
  ends: own.ends ?? (own.kind === 'half' ? '7' : '6'),
}))

/** One fault counts as an array of one. */
const faults = z.preprocess((given) => [given].flat(), z.array(fault).min(1).max(100))

/** One fault. */
export type Fault = z.infer<typeof fault>

/**
 * Reads the body of `POST /faults`.
 *
 * @returns the faults, or a sentence that says what is wrong
 */
export function readFaults(body: string): readonly Fault[] | string {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return 'The body is not JSON; send one fault or an array of faults'
  }
  const read = faults.safeParse(json)
  return read.success ? read.data : `Not a fault: ${z.prettifyError(read.error)}`
}

/** The faults in force at a platform. */
export class FaultBox {
  #faults: Fault[] = []
  readonly #next: Draw

  constructor(next: Draw) {
    this.#next = next
  }

  add(given: readonly Fault[]): void {
    this.#faults.push(...given.map((own) => ({ ...own })))
  }

  clear(): void {
    this.#faults = []
  }

  /** Copies of what is in force. */
  list(): readonly Fault[] {
    return this.#faults.map((own) => ({ ...own }))
  }

  #take(fits: (own: Fault) => boolean): Fault | null {
    for (const own of this.#faults) {
      if (!fits(own) || (own.share < 1 && this.#next() >= own.share)) continue
      if (own.times !== undefined) own.times -= 1
      this.#faults = this.#faults.filter((other) => other.times !== 0)
      return own
    }
    return null
  }

  /** Milliseconds from 0 up to the given ones, evenly. */
  drawMs(longest: number): number {
    return longest > 0 ? Math.round(this.#next() * longest) : 0
  }

  /** Whether connections are destroyed now, whatever they carry. */
  takeDown(): boolean {
    return this.#take((own) => own.kind === 'down' && own.transaction === undefined) !== null
  }

  /** Whether the person leaves an order unpaid that is pushed now. */
  takeUnpaid(): boolean {
    return this.#take((own) => own.kind === 'unpaid') !== null
  }

  /** Whether the insured area has stopped, as announced. */
  takeStop(transaction: string, insured: string): boolean {
    const area: Area | null = hasAreaShape(insured) ? parseArea(insured) : null
    return (
      this.#take(
        (own) =>
          own.kind === 'stop' &&
          (own.transaction ?? transaction) === transaction &&
          (own.area === undefined || (area !== null && liesIn(area, parseArea(own.area)))),
      ) !== null
    )
  }

  /** How the payment of an order is not done at once, or null. */
  takeLinger(): Fault | null {
    return this.#take(({ kind }) => kind === 'linger')
  }

  /** How one leg of a refund fails, or null. */
  takeHalf(): Fault | null {
    return this.#take(({ kind }) => kind === 'half')
  }

  /** The fault that a message has, or null. */
  take(transaction: string): Fault | null {
    return this.#take(
      (own) =>
        own.kind !== 'stop' &&
        !isOrders(own) &&
        own.kind !== 'unpaid' &&
        (own.kind !== 'down' || own.transaction !== undefined) &&
        (own.transaction ?? transaction) === transaction,
    )
  }
}
