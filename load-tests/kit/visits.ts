/** Plays one visit: its messages one after another, as a counter sends them. It ends where a step is not a yes. */
import { setTimeout as pause } from 'node:timers/promises'
import { sumOfSplits } from '../../src/client/bill.ts'
import type { Fields } from '../../src/client/message.ts'
import { feeLine, shanghaiNow } from '../messages.ts'
import type { Outcome } from './answers.ts'
import type { PlannedVisit } from './plan.ts'
import type { Send } from './sender.ts'

/** How a visit ended. */
export interface VisitEnd {
  readonly visit: PlannedVisit
  /** What its last step was answered. */
  readonly outcome: Outcome
  /** Milliseconds in which nobody waited for an answer. */
  readonly pausedMs: number
  /** Whether a settlement of it was answered with a yes; one that was cancelled afterwards counts. */
  readonly isSettled: boolean
}

/** Settlements to ask for again: those of the last visits. */
interface Recent {
  readonly visit: PlannedVisit
  readonly encounter: string
  readonly settlement: string
}

/** Carries the end of a visit out of its steps. */
class Ended extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome)
    this.outcome = outcome
  }
}

const UPLOAD_LINES_MAX = 100
/** The hospital's own items; all of them lead to one national code. */
const ITEMS = Array.from({ length: 12 }, (_, index) => `Y${String(index + 1).padStart(4, '0')}`)
const SETTLEMENTS: ReadonlySet<string> = new Set(['2207', '2304'])
const RECENT_MAX = 500
const DOCTOR = 'D000000000001'
const run = Date.now().toString(36).toUpperCase()

/** Plays visits over `send`; `elapsed` tells when the next step of a visit could leave. */
export class Player {
  readonly #send: Send
  readonly #elapsed: () => number
  readonly #recent: Recent[] = []

  constructor(send: Send, elapsed: () => number) {
    this.#send = send
    this.#elapsed = elapsed
  }

  /** Never throws for what the gateway answers. */
  async play(visit: PlannedVisit): Promise<VisitEnd> {
    // The first message was due when the visit was; the others when the answer before them was there.
    let dueMs: number | null = visit.dueMs
    let isSettled = false
    let pausedMs = 0
    const step = async (infno: string, input: Fields): Promise<Fields> => {
      if (SETTLEMENTS.has(infno) && pausedMs === 0) {
        pausedMs = visit.pauseMs
        dueMs = this.#elapsed() + pausedMs
        await pause(pausedMs)
      }
      const { output, outcome } = await this.#send(visit, infno, input, dueMs ?? this.#elapsed())
      dueMs = null
      if (!output) throw new Ended(outcome)
      isSettled ||= SETTLEMENTS.has(infno)
      return output
    }
    try {
      const shown = shownBy(visit)
      await step('1101', { data: { ...shown.credential, card_sn: '', begntime: '', psn_cert_type: '' } })
      if (visit.kind === 'question') await this.#ask(visit, step)
      else if (visit.kind === 'inpatient') await this.#stay(visit, step)
      else await this.#outpatient(visit, step)
      return { visit, outcome: 'yes', pausedMs, isSettled }
    } catch (cause) {
      if (!(cause instanceof Ended)) throw cause
      return { visit, outcome: cause.outcome, pausedMs, isSettled }
    }
  }

  /** A question about a settlement of another visit where there is one, else about the person's visits. */
  async #ask(visit: PlannedVisit, step: Step): Promise<void> {
    const recent = this.#recent[visit.number % Math.max(1, this.#recent.length)]
    if (!recent) {
      const day = shanghaiNow().slice(0, 10)
      const window = { begntime: `${day} 00:00:00`, endtime: `${day} 23:59:59` }
      await step('5201', { data: { psn_no: visit.person.psn_no, med_type: '11', mdtrt_id: '', ...window } })
      return
    }
    // Asked as the hospital of that visit, of its own person.
    const { psn_no } = recent.visit.person
    const data = { psn_no, setl_id: recent.settlement, mdtrt_id: recent.encounter }
    const { outcome } = await this.#send(recent.visit, '5203', { data }, this.#elapsed())
    if (outcome !== 'yes') throw new Ended(outcome)
  }

  async #outpatient(visit: PlannedVisit, step: Step): Promise<void> {
    const { psn_no, credential, insutype, number } = shownBy(visit)
    const begntime = shanghaiNow()
    const registered = await step('2201', {
      data: { psn_no, ...credential, insutype, begntime, ipt_otp_no: number, ...REGISTRATION },
    })
    const mdtrt_id = String((registered.data as Fields).mdtrt_id)
    const mdtrtinfo = { mdtrt_id, psn_no, med_type: '11', begntime }
    await step('2203', { mdtrtinfo, diseinfo: [diagnosis({ vali_flag: '1' })] })
    const batch = { chrg_bchno: `${number}B`, mdtrt_id, psn_no, rx_circ_flag: '0' }
    const { result } = await step('2204', {
      feedetail: linesOf(visit).map((line) => ({ ...line, ...batch })),
    })
    const sums = sumOfSplits(result)
    const ways = { psn_setlway: '01', mdtrt_id, chrg_bchno: batch.chrg_bchno, acct_used_flag: '1', insutype }
    const data = { psn_no, ...credential, med_type: '11', ...ways, ...sums }
    await step('2206', { data: { ...data, medfee_sumamt: sums.medfee_sumamt } })
    await this.#settle(visit, step, { settle: '2207', cancel: '2208' }, { ...data, invono: '' })
  }

  async #stay(visit: PlannedVisit, step: Step): Promise<void> {
    const { psn_no, credential, insutype, number } = shownBy(visit)
    const time = shanghaiNow()
    const admitted = await step('2401', {
      mdtrtinfo: { psn_no, ...credential, insutype, begntime: time, ipt_no: number, ...ADMISSION },
      diseinfo: [diagnosis({ maindiag_flag: '1', psn_no, adm_cond: '有' })],
    })
    const mdtrt_id = String((admitted.result as Fields).mdtrt_id)
    const lines = linesOf(visit).map((line) => ({ ...line, mdtrt_id, psn_no, med_type: '21' }))
    const rows: Fields[] = []
    for (let from = 0; from < lines.length; from += UPLOAD_LINES_MAX) {
      const { result } = await step('2301', { feedetail: lines.slice(from, from + UPLOAD_LINES_MAX) })
      rows.push(...(result as readonly Fields[]))
    }
    const ways = { psn_setlway: '01', mdtrt_id, acct_used_flag: '0', insutype, mid_setl_flag: '0' }
    const data = { psn_no, ...credential, ...ways, invono: '', ...sumOfSplits(rows) }
    await step('2303', { data: { ...data, dscg_time: time.slice(0, 10) } })
    await step('2402', {
      dscginfo: { mdtrt_id, psn_no, insutype, endtime: shanghaiNow(), ...DISCHARGE },
      diseinfo: [diagnosis({ maindiag_flag: '1', psn_no, mdtrt_id })],
    })
    await this.#settle(visit, step, { settle: '2304', cancel: '2305' }, { ...data, dscg_time: shanghaiNow() })
  }

  async #settle(
    visit: PlannedVisit,
    step: Step,
    by: { readonly settle: string; readonly cancel: string },
    data: Fields,
  ): Promise<void> {
    const settled = await step(by.settle, { data })
    const encounter = String(data.mdtrt_id)
    const settlement = String((settled.setlinfo as Fields).setl_id)
    if (visit.isCancelled) {
      await step(by.cancel, { data: { setl_id: settlement, mdtrt_id: encounter, psn_no: data.psn_no } })
      if (visit.isSettledAnew) await step(by.settle, { data })
      return
    }
    this.#recent.push({ visit, encounter, settlement })
    if (this.#recent.length > RECENT_MAX) this.#recent.shift()
  }
}

type Step = (infno: string, input: Fields) => Promise<Fields>

const REGISTRATION = {
  atddr_no: DOCTOR,
  dr_name: '医师甲',
  dept_code: '0101',
  dept_name: '内科',
  caty: 'A03',
} as const

const ADMISSION = {
  med_type: '21',
  atddr_no: DOCTOR,
  chfpdr_name: '医师乙',
  adm_diag_dscr: '高血压',
  adm_dept_codg: '0201',
  adm_dept_name: '普外科',
  adm_bed: '12',
  dscg_maindiag_code: 'I10.x00x002',
  dscg_maindiag_name: '高血压',
  exp_content: JSON.stringify({ IPT_TYPE: '1', TRUM_FLAG: '0' }),
} as const

const DISCHARGE = { dscg_dept_codg: '0201', dscg_dept_name: '普外科', dscg_way: '1' } as const

function shownBy({ person, number }: PlannedVisit) {
  const { mdtrt_cert_type, mdtrt_cert_no } = person.credentials[0]!
  return {
    psn_no: person.psn_no,
    credential: { mdtrt_cert_type, mdtrt_cert_no },
    insutype: person.insurance[0]!.insutype,
    number: `LK${run}${number}`,
  }
}

function linesOf(visit: PlannedVisit): Fields[] {
  const time = shanghaiNow()
  return visit.lines.map((fen, index) =>
    feeLine(`${shownBy(visit).number}F${index}`, ITEMS[index % ITEMS.length]!, fen, time),
  )
}

function diagnosis(more: Fields): Fields {
  const doctor = { diag_dept: '内科', dise_dor_no: DOCTOR, dise_dor_name: '医师甲' }
  const which = { diag_type: '1', diag_srt_no: 1, diag_code: 'I10.x00x002', diag_name: '高血压' }
  return { ...which, ...doctor, diag_time: shanghaiNow(), ...more }
}
