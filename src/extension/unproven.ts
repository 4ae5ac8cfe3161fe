/** An answer that was read whole and still proves nothing. */

/**
 * Why an answer proves nothing: `foreign` — it speaks of another message, person or visit; `twice` — the connection has
 * brought these very bytes before; `amounts` — its amounts do not add up; `closed` — what it says is encrypted or lacks
 * what was asked for; `half` — one leg of it was done and another not; `pending` — it was taken and has not ended.
 */
export type WhyUnproven = 'foreign' | 'twice' | 'amounts' | 'closed' | 'half' | 'pending'

/**
 * An answer that was read and proves nothing: for what changes something the outcome is unknown. The line has worked, so it
 * is no fault of the destination. Names fields, never values.
 */
export class Unproven extends RangeError {
  override readonly name = 'Unproven'
  readonly why: WhyUnproven

  constructor(why: WhyUnproven, message: string) {
    super(message)
    this.why = why
  }
}
