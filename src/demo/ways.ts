/**
 * What lanes with rules of their own do otherwise in a day: filed late, settled in parts, a birth, a trauma, the disease and the
 * rest of a bill apart, the two diseases, the account of a relative. Which bill goes which way is read off the bill, so that
 * nothing else of the day is drawn otherwise.
 */
import { sumOfSplits } from '../client/bill.ts'
import type { Fields } from '../client/message.ts'
import {
  outpatientBill,
  outpatientLines,
  registration,
  stayBill,
  stayLines,
  visitDetails,
} from '../client/visit.ts'
import { liesIn, parseArea } from '../domain/area.ts'
import type { Bill } from './bills.ts'
import type { Visit } from './counter.ts'

/** One of them. */
export type Way =
  | 'late filing'
  | 'interim'
  | 'birth'
  | 'trauma'
  | 'disease apart'
  | 'two diseases'
  | 'family account'

/** Every so manieth bill that could go a way goes it. */
const EVERY = { interim: 3, trauma: 5, apart: 2, two: 2 }

/** Institutions that medicine of the two diseases is given at. */
const SMALL: readonly string[] = ['community', 'level1', 'level2']

/** The way of a bill; null: as every bill of its lane. */
export function wayOf(bill: Omit<Bill, 'way'>): Way | null {
  const { lane, person, institution, number } = bill
  const home = person.insurance[0]!
  const place = institution.attributes?.area ?? institution.code.slice(1, 7)
  const isAcross = home.insuplc_admdvs.slice(0, 2) !== place.slice(0, 2)
  if (bill.twist !== 'none') return null
  if (lane === 'inpatient') return stayWay(bill, place, isAcross)
  if (lane === 'chronic') return number % EVERY.apart === 0 && bill.lines.length > 1 ? 'disease apart' : null
  if (lane !== 'outpatient') return null
  const level = institution.attributes?.level ?? ''
  const isTwo = !isAcross && home.insutype === '390' && person.chronic.length === 0 && SMALL.includes(level)
  if (isTwo && number % EVERY.two === 0) return 'two diseases'
  return person.family === true ? 'family account' : null
}

function stayWay({ person, number }: Omit<Bill, 'way'>, place: string, isAcross: boolean): Way | null {
  if (!isAcross) return number % EVERY.interim === 0 ? 'birth' : 'interim'
  const isFiled = person.filings.some(({ destination }) => liesIn(parseArea(place), parseArea(destination)))
  if (!isFiled) return 'late filing'
  return number % EVERY.trauma === 0 ? 'trauma' : null
}

/** `med_type` of a bill that goes a way; null if its lane says it. The two diseases have one in Hunan alone [F]. */
export function categoryOf({ way }: Bill, treatmentArea: string): string | null {
  if (way === 'birth') return '52'
  if (way === 'trauma') return '22'
  return way === 'two diseases' && treatmentArea.startsWith('43') ? '9901' : null
}

/** Disease that a bill is for; that of the bill where its way has none of its own. */
export function diseaseOf({ way, disease }: Bill): string {
  return way === 'two diseases' ? 'M03900' : disease
}

/** What 2401 says besides. */
export function admissionExtras({ way }: Bill): Fields {
  if (way === 'birth') return { matn_type: '1' }
  return way === 'trauma' ? { exp_content: JSON.stringify({ TRUM_FLAG: '1', REL_TTP_FLAG: '0' }) } : {}
}

/** The hospital files while the person lies there already (补备案); without it the admission is refused. */
export async function fileLate(visit: Visit): Promise<void> {
  const { of, today, sender } = visit
  const { psn_no, insutype } = of.patient
  const goal = {
    reflin_medins_no: sender.institution,
    reflin_medins_name: sender.name,
    mdtrtarea_admdvs: sender.treatmentArea,
  }
  const diagnosis = { diag_code: of.diagnosis.code, diag_name: of.diagnosis.name }
  const why = { refl_type: '3', refl_date: today, refl_rea: '病情需要', refl_opnn: '同意', begndate: today }
  await visit.send('2501', { refmedin: { psn_no, insutype, ...diagnosis, ...goal, ...why } })
}

/** Settles what a stay has come to before it goes on. @returns how many lines were settled */
export async function settlePart(visit: Visit): Promise<number> {
  const { of, lines, encounter, bill } = visit
  if (bill.way !== 'interim' || lines.length < 2) return 0
  const part = Math.ceil(lines.length / 2)
  const answered = await visit.send(
    '2301',
    stayLines({ ...of, at: visit.left }, encounter, lines.slice(0, part)),
  )
  const { data } = stayBill(of, encounter, sumOfSplits(answered.result), visit.left) as { data: Fields }
  await visit.sendUntilDone('2304', { data: { ...data, mid_setl_flag: '1' } })
  return part
}

/** The disease and the rest of one visit, each a bill of its own. */
export async function apart(visit: Visit): ReturnType<Visit['settle']> {
  const { of, lines } = visit
  const registered = await visit.send('2201', registration(of))
  visit.encounter = String((registered.data as Fields).mdtrt_id)
  await visit.send('2203', visitDetails(of, visit.encounter))
  const part = Math.ceil(lines.length / 2)
  const rest = { ...of, category: '11', disease: '', number: `${of.number}R` }
  await charged(visit, rest, lines.slice(part))
  return charged(visit, of, lines.slice(0, part))
}

async function charged(visit: Visit, of: Visit['of'], lines: Visit['lines']) {
  const { result } = await visit.send('2204', outpatientLines(of, visit.encounter, lines))
  const bill = outpatientBill(of, visit.encounter, sumOfSplits(result))
  await visit.send('2206', bill)
  return visit.settle('2207', '2208', bill.data as Fields, 'none')
}

/** Registers a person at the institution for the two diseases; it is given back when the bill is settled. */
export async function twoDiseases(visit: Visit): ReturnType<Visit['settle']> {
  const { of, sender, today } = visit
  const { psn_no } = of.patient
  const named = { fix_srt_no: '1', fixmedins_code: sender.institution, fixmedins_name: sender.name }
  const made = await visit.send('2505', { data: { psn_no, biz_appy_type: '23', ...named, begndate: today } })
  const { trt_dcla_detl_sn } = made.result as Fields
  const settled = await visit.outpatient()
  await visit.send('2506', { data: { trt_dcla_detl_sn, psn_no, memo: '变更' } })
  return settled
}
