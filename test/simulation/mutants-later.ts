/** Slips about money that is paid later, or in parts: orders (620x, 6401), purchases out of area (216x, 2181), interim settlements. */
import type { Mutant } from './mutants.ts'

/** They stand at the end of `MUTANTS`. */
export const LATER_MUTANTS: readonly Mutant[] = [
  {
    name: 'take a payment that has not ended for paid',
    file: 'adapters/000000-national/described/results.ts',
    find: "if (form.yes && !says(node, form.field, form.yes)) return { says: 'pending' }",
    replace: '',
  },
  {
    name: 'take a refund of which one leg was done for done',
    file: 'adapters/000000-national/described/results.ts',
    find: "return { says: 'half' }",
    replace: "return { says: 'yes' }",
  },
  {
    name: 'let an order be paid under another id while its payment is unknown',
    file: 'src/journal/entry.ts',
    find: "heeded.push({ name, by: 'order' })",
    replace: '',
  },
  {
    name: 'let an order that is paid be paid again or taken back',
    file: 'src/pipeline/orders.ts',
    find: 'if (isOfOrder(message)) await refusePaid(services, message)',
    replace: '',
  },
  {
    name: 'forget the order that an upload has opened when it left again',
    file: 'src/pipeline/recovery/steps.ts',
    find: '...orderOf(answer.reply), ',
    replace: '',
  },
  {
    name: 'send a purchase out of area again where none is shown',
    file: 'adapters/000000-national/described/operation.ts',
    find: 'if (again) return { resend: true }',
    replace: 'if (again || head.paidLater) return { resend: true }',
  },
  {
    name: 'take an order of which the person has paid for cancelled',
    file: 'adapters/000000-national/described/found.ts',
    find: "if (by.means === 'gone') return ours.length > 0 ? null : answerOf({}, by)",
    replace: "if (by.means === 'gone') return answerOf({}, by)",
  },
  {
    name: 'count a refund of a purchase as a second payment',
    file: 'adapters/000000-national/described/out-of-area.ts',
    find: 'return money.split.total > 0 ? turned(money) : money',
    replace: 'return money.split.total > 0 ? money : turned(money)',
  },
  {
    name: 'forget what a question shows as paid',
    file: 'src/pipeline/paid.ts',
    find: "shown.id === '' || shown.split.total <= 0",
    replace: "shown.id === '' || shown.split.total > 0",
  },
  {
    name: 'forget that a refund says what was paid',
    file: 'src/pipeline/record.ts',
    find: "if (isCancellation && dispatched.event === 'yes'",
    replace: "if (!isCancellation && dispatched.event === 'yes'",
  },
  {
    name: 'settle a part of a stay as its end over REST',
    file: 'src/http/rest/settlement-inputs.ts',
    find: "mid_setl_flag: read.at('midway', mark)",
    replace: "mid_setl_flag: read.at('midway', () => mark(false))",
  },
]
