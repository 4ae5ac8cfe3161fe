/** An answer that was read completely but proves nothing. */

/**
 * Why it proves nothing: `foreign` — it is about another message, person or visit; `twice` — the connection delivered
 * the same bytes before; `amounts` — its amounts do not add up; `closed` — its content is encrypted or lacks what was
 * asked for; `half` — one leg was done and another not; `pending` — it was accepted and has not finished.
 */
export type WhyUnproven = 'foreign' | 'twice' | 'amounts' | 'closed' | 'half' | 'pending'

/**
 * The outcome of a message with an effect is then unknown. Since the connection worked, this is not a fault of the
 * destination. Names fields, never values.
 */
export class Unproven extends RangeError {
  override readonly name = 'Unproven'
  readonly why: WhyUnproven

  constructor(why: WhyUnproven, message: string) {
    super(message)
    this.why = why
  }
}
