/**
 * How the outcome of a lost answer is found. The message id is the only handle: a settlement answers with it as
 * `medins_setl_id` [F]. What each query can say, and of what it is therefore asked:
 *
 * - **5203** by visit, with an empty `setl_id`: the text asks for one, but a lost answer never gave it, and Hunan and
 *   Hainan clients leave it empty after a time-out [F]. Shows a settlement or a cancellation that is ours; that it
 *   shows the latest row of the visit, and refuses where there is none, is [A]. Asked of 2207, 2304, 2208, 2305.
 * - **5202** by visit and person: the diagnoses of a visit [F], with no settlement, no message id and no mark of one, so it
 *   shows no outcome. It tells whether the platform can read this visit at all: `infcode` −1 is the general failure
 *   [F], and a 5203 that fails for another reason would otherwise pass for "not there". Asked after 5203. That it
 *   answers a visit without diagnoses with an empty list is [A]. Not asked of 2201 and 2401: it needs the `mdtrt_id` that their
 *   lost answer never gave [F]. Not of 2203, 2402 and 2403: equal diagnoses may be those of an earlier message, while
 *   category and disease differ; these are sent again, which the text calls safe [F].
 * - **5201** by person and day: visits with the hospital's own number, no money and no message id [F]. Asked of 2201
 *   and 2401 only.
 * - **5201, then 5203 of each visit** that it shows: asked of 2102, whose one message registers and settles, so that its lost answer
 *   has given no `mdtrt_id` either, and no number of ours stands in a visit at a pharmacy. Ours is the purchase whose
 *   `medins_setl_id` is our message id, and no other, however alike. That 5201 shows visits at pharmacies, under the category
 *   of the purchase, is [A]; the facts name both queries for 2102 [F].
 * - **3202**, the only other answer with the message id [F], is not asked. Its result is a file (9101, 3202, 9102), made from
 *   a list of all settlements of the period, a class and an agency, and `setl_optins` of a person from elsewhere is the
 *   `clr_optins` of the very answer that was lost [F]. It is drawn up a day later [F heading, not verified for one day];
 *   and it has no row for what the centre cannot match one to one [F]. It belongs to the reconciliation of the next day, which finds
 *   what only the centre has; here a missing row would prove nothing, and a wrongly guessed agency gives no row.
 */
import { fenFromYuan } from '../../src/domain/money.ts'
import type { Composed, Message } from '../../src/extension/dialect.ts'
import type { Evidence, Question, Standing } from '../../src/extension/evidence.ts'
import { CASH_FIELDS, PERSON_FIELDS } from './amounts.ts'
import { headIn, textOf } from './claim.ts'

type Row = Readonly<Record<string, unknown>>

/** Reads `mdtrt_id` out of the node that opens an encounter. @throws {RangeError} if it is not there */
export function encounterOf(node: unknown): string {
  const id = textOf(node as Row | undefined, 'mdtrt_id')
  if (!id) throw new RangeError('mdtrt_id缺失')
  return id
}

/** 5201: the visits of the person on the day of the message. */
function visitQuery({ subject }: Message): Composed {
  const { person = '', day = '' } = subject
  return {
    transaction: '5201',
    input: {
      data: {
        psn_no: person,
        begntime: `${day} 00:00:00`,
        endtime: `${day} 23:59:59`,
        med_type: subject.category ?? '',
        mdtrt_id: '',
      },
    },
  }
}

/** When the visit of a registration begins, as it was sent; empty if it is not said. */
function beginOf({ document }: Message): string {
  return textOf(headIn(document.json().input as Row), 'begntime')
}

/**
 * The encounter in an answer of 5201 that carries the hospital's number of our message. The number is often that of the
 * patient and not of the visit [K]: what another message has opened is not ours. Of several that are left the one that
 * begins when ours does is ours (5201 shows `begntime` [F]); else it cannot be said which is.
 */
function visitShown(
  message: Message,
  output: unknown,
  isOthers: (encounter: string) => boolean,
): string | 'unclear' | null {
  const ours = visitsOf(message, output, isOthers)
  const [first, ...others] = ours.keys()
  return others.length === 0 ? (first ?? null) : begunWith(message, ours)
}

/** The rows of an answer of 5201. */
function visitRows(output: unknown): readonly Row[] {
  const node = (output as { mdtrtinfo?: unknown } | null)?.mdtrtinfo
  return (Array.isArray(node) ? node : node ? [node] : []) as Row[]
}

/** Begin of each visit in an answer of 5201 that carries our number and was not opened by another message. */
function visitsOf(message: Message, output: unknown, isOthers: (encounter: string) => boolean) {
  const rows = visitRows(output)
  const { visitNumber } = message.subject
  const ours = new Map<string, string>()
  for (const row of rows) {
    const id = textOf(row, 'mdtrt_id')
    if (textOf(row, 'ipt_otp_no') !== visitNumber || id === '' || isOthers(id)) continue
    ours.set(id, textOf(row, 'begntime'))
  }
  return ours
}

/** The one that begins when ours does. */
function begunWith(message: Message, ours: ReadonlyMap<string, string>): string | 'unclear' {
  const begin = beginOf(message)
  const [one, ...more] = [...ours].filter(([, time]) => time !== '' && time === begin)
  return one && more.length === 0 ? one[0] : 'unclear'
}

/** 5203 by visit, without the settlement id that a lost answer never gave. */
function settlementQuery({ subject }: Message): Composed {
  const { person = '', encounter = '' } = subject
  return { transaction: '5203', input: { data: { psn_no: person, setl_id: '', mdtrt_id: encounter } } }
}

/** The first field that holds something, in the order of the names. */
function firstHeld(row: Row, fields: readonly string[]): unknown {
  return row[fields.find((field) => textOf(row, field) !== '') ?? fields[0]!]
}

/**
 * The answer that a settlement would have had, out of an answer of 5203 that shows it: 5203 names the person's share
 * `psn_pay` and the cash `cash_payamt`, if it does not leave them empty and fill those of a settlement. Null if the answer
 * shows another settlement, or none.
 */
function settlementShown(message: Message, output: unknown): Record<string, unknown> | null {
  const { setlinfo } = (output ?? {}) as { setlinfo?: Row }
  if (!setlinfo || textOf(setlinfo, 'medins_setl_id') !== message.id) return null
  return settlementIn(message, output)
}

/** An answer to what opens its own visit names that visit, which the question about it did. */
function settlementIn({ subject }: Message, output: unknown): Record<string, unknown> {
  const { setlinfo, setldetail } = output as { setlinfo: Row; setldetail?: unknown }
  const mdtrt_id = textOf(setlinfo, 'mdtrt_id') || subject.encounter
  const { psn_pay, cash_payamt, ...rest } = setlinfo
  const psn_part_amt = firstHeld(setlinfo, PERSON_FIELDS)
  const psn_cash_pay = firstHeld(setlinfo, CASH_FIELDS)
  return { setlinfo: { ...rest, mdtrt_id, psn_part_amt, psn_cash_pay }, setldetail }
}

/** The row of a visit that 5203 shows, whichever message has made it. */
function settlementStanding(message: Message, output: unknown): Standing | null {
  const { setlinfo } = (output ?? {}) as { setlinfo?: Row }
  if (!setlinfo) return null
  const [there, asked] = [setlinfo, headIn(message.document.json().input as Row)].map(sumOf)
  return {
    message: textOf(setlinfo, 'medins_setl_id') || null,
    settlement: textOf(setlinfo, 'setl_id') || null,
    isUndone: textOf(setlinfo, 'refd_setl_flag') === '1',
    isLike: there !== null && there === asked,
    output: settlementIn(message, output),
  }
}

/** `medfee_sumamt` in fen; null if it is not there. */
function sumOf(row: Row | undefined): number | null {
  try {
    return fenFromYuan(textOf(row, 'medfee_sumamt'))
  } catch {
    return null
  }
}

/** 5202: the diagnoses of the visit. */
function diagnosisQuery({ subject }: Message): Composed {
  const { person = '', encounter = '' } = subject
  return { transaction: '5202', input: { data: { mdtrt_id: encounter, psn_no: person } } }
}

/** 2601: undoes a message that has no known outcome, by its id and number. */
export function reversal({ id, operation, subject }: Message): Composed {
  return {
    transaction: '2601',
    input: { data: { psn_no: subject.person ?? '', omsgid: id, oinfno: operation.transaction } },
  }
}

/**
 * Evidence of an operation that opens a visit.
 *
 * @param output the answer that the operation would have had, with the encounter found
 */
export function visitQuestion(
  output: (encounter: string, message: Message) => Record<string, unknown>,
): Question {
  return {
    ask: visitQuery,
    found(message, answer, isOthers = () => false) {
      const encounter = visitShown(message, answer, isOthers)
      return encounter === null || encounter === 'unclear' ? encounter : output(encounter, message)
    },
    standing(message, answer, isOthers) {
      const ours = visitsOf(message, answer, isOthers)
      if (ours.size === 0) return null
      // One alone need not be ours: the number may be that of the patient, and the other visit that of this morning.
      const encounter = begunWith(message, ours)
      const shown = encounter === 'unclear' ? {} : output(encounter, message)
      const isLike = encounter !== 'unclear'
      return { message: null, settlement: null, isUndone: false, isLike, output: shown }
    },
    refused: 'nothing',
  }
}

/** Evidence of what moves money: the settlement by visit, then whether the visit can be read; else the reversal. */
export const moneyEvidence: Evidence = {
  questions: [
    { ask: settlementQuery, found: settlementShown, standing: settlementStanding, refused: 'nothing' },
    { ask: diagnosisQuery, refused: 'unclear' },
  ],
  undo: reversal,
}

/** Every visit that 5201 shows, the latest first: ours is mostly that. */
function visitsShown(_message: Message, output: unknown): readonly string[] {
  const begin = (row: Row) => textOf(row, 'begntime')
  const rows = visitRows(output).toSorted((one, other) => begin(other).localeCompare(begin(one)))
  return [...new Set(rows.map((row) => textOf(row, 'mdtrt_id')))].filter((id) => id !== '')
}

/** Another purchase of the day is none that a forgotten message could mean, unless it is of the same sum. */
function purchaseStanding(message: Message, output: unknown): Standing | null {
  const standing = settlementStanding(message, output)
  return standing && (standing.isLike || standing.message === message.id) ? standing : null
}

/** Evidence of what opens its own visit and settles it: the visits of the person on the day, and the settlement of each. */
export const purchaseEvidence: Evidence = {
  questions: [
    {
      ask: visitQuery,
      each: {
        encounters: visitsShown,
        questions: [
          { ask: settlementQuery, found: settlementShown, standing: purchaseStanding, refused: 'nothing' },
          { ask: diagnosisQuery, refused: 'unclear' },
        ],
      },
      refused: 'nothing',
    },
  ],
  undo: reversal,
}
