/** Recovery alone, over a journal in memory, in virtual time, against a platform that answers by a function. */
import { nationalMessage } from '../../src/client/message.ts'
import { fixedCodes } from '../../src/codes/live/hot-reload.ts'
import { loadCodes } from '../../src/codes/load.ts'
import { identityCheck } from '../../src/domain/person.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import type { Entry, OutcomeEntry } from '../../src/journal/entry.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { dialectFormat } from '../../src/pipeline/answer-format.ts'
import type { OutboundReply, Services } from '../../src/pipeline/context.ts'
import { createIds } from '../../src/pipeline/ids.ts'
import { createInstitutionDirectory } from '../../src/pipeline/institution-directory.ts'
import { createRecovery, type Recovery } from '../../src/pipeline/recovery/recover.ts'
import type { Clock } from '../../src/ports.ts'
import { TransportFault } from '../../src/transport/fault.ts'
import type { Transport } from '../../src/transport/transport.ts'
import { createMemoryDisk, type MemoryDisk } from '../journal/memory-disk.ts'
import { journalOver } from '../journal/support.ts'
import { Timeline } from '../simulation/timeline.ts'
import { handle } from './alone.ts'

const registry = await loadRegistry()
const codes = fixedCodes(loadCodes(registry))
const dialect = registry.dialects.find(({ id }) => id === '000000-national')!
const format = dialectFormat(dialect)

export const HOSPITAL = 'H34010290001'
export const SETTLEMENT = `${HOSPITAL}202603020900000001`
export const PAUSE_MS = 500
export const DEADLINE_MS = 8_000

// biome-ignore lint/suspicious/noExplicitAny: an envelope is whatever was sent
type Json = any

/** What leaves, as the platform sees it. */
export interface Asked {
  readonly infno: string
  readonly msgid: string
  readonly data: Record<string, string>
}

/** What the platform does: an output (a yes; bare, it is the whole answer), a text (a no), `silence`, or a connection that breaks when it takes it to. */
export type Said =
  | { readonly output: Json; readonly isBare?: true }
  | { readonly no: string }
  | 'silence'
  | 'reset'

/** How the platform answers, and how long it takes. */
export interface Behaviour {
  says(asked: Asked): Said
  takesMs?(asked: Asked): number
}

/** The settlement as 5203 shows it. */
export function shown(medins_setl_id: string, total = 100): Json {
  return {
    setlinfo: {
      setl_id: 'S1',
      mdtrt_id: 'V1',
      medins_setl_id,
      medfee_sumamt: total,
      fulamt_ownpay_amt: 0,
      overlmt_selfpay: 0,
      preselfpay_amt: 0,
      inscp_scp_amt: 100,
      fund_pay_sumamt: 60,
      psn_pay: 40,
      acct_pay: 10,
      cash_payamt: 30,
      hosp_part_amt: 0,
    },
    setldetail: [{ fund_pay_type: '310100', fund_payamt: 60 }],
  }
}

/** A platform that knows the visit and no settlement of it, and reverses what it is asked to. */
export const EMPTY: Behaviour = {
  says({ infno }) {
    if (infno === '2207') return 'silence'
    if (infno === '5203') return { no: 'E000 未查询到结算记录' }
    if (infno === '5202') return { output: { diseinfo: [] } }
    return { output: null }
  },
}

/** A gateway without its doors: its way, its journal, as many workers as are asked for. */
export interface Bench {
  readonly timeline: Timeline
  readonly disk: MemoryDisk
  readonly journal: Journal
  readonly workers: readonly Recovery[]
  readonly services: Services
  /** Everything that left, in order, with the time in milliseconds. */
  readonly left: { readonly asked: Asked; readonly at: number }[]
  readonly faults: unknown[]
  /** Messages of recovery that are under way at one moment, at most. */
  readonly most: { underWay: number }
  behaviour: Behaviour
  /** A settlement that the platform leaves without an answer. */
  settle(): Promise<OutboundReply>
  send(infno: string, msgid: string, data: Record<string, unknown>): Promise<OutboundReply>
  /** Lets the time pass. */
  pass(ms: number): Promise<void>
  /** Lets the time pass, a millisecond at a time, until something is so. */
  until(reached: () => boolean): Promise<void>
}

/** Puts a bench together, over what an earlier one committed. */
export function bench(
  options: {
    behaviour?: Behaviour
    workers?: number
    earlier?: readonly (readonly Entry[])[]
    paused?: boolean
    timeline?: Timeline
  } = {},
): Bench {
  const timeline = options.timeline ?? new Timeline(Date.UTC(2026, 2, 2, 1))
  const clock: Clock = {
    now: () => timeline.now(),
    elapsed: () => timeline.elapsed(),
    after: (ms, callback) => timeline.after(ms, callback),
  }
  const disk = createMemoryDisk(options.earlier)
  const journal = journalOver(disk, clock)
  const random = { next: () => 0.5, token: () => 'token' }
  let underWay = 0
  const transport: Transport = {
    pending: () => 0,
    status: () => [],
    breakerCounts: () => [],
    isDown: () => false,
    refusal: () => null,
    close: async () => {},
    send: ({ body, budgetMs }, read) => {
      const { infno, msgid, input } = JSON.parse(body.toString())
      const asked: Asked = { infno, msgid, data: input.data ?? input.druginfo ?? input }
      made.left.push({ asked, at: timeline.elapsed() })
      underWay += 1
      made.most.underWay = Math.max(made.most.underWay, underWay)
      const said = made.behaviour.says(asked)
      const takes = made.behaviour.takesMs?.(asked) ?? 10
      const silent = said === 'silence' || takes >= budgetMs
      return new Promise((resolve, reject) => {
        timeline.after(silent ? budgetMs : takes, () => {
          underWay -= 1
          if (silent) return reject(new TransportFault('deadline', {}))
          if (said === 'reset') return reject(new TransportFault('reset', {}))
          const answer =
            'no' in said
              ? { infcode: -1, err_msg: said.no }
              : said.isBare
                ? said.output
                : { infcode: 0, err_msg: '', output: said.output }
          try {
            resolve({ answer: read(Buffer.from(JSON.stringify(answer))), queueMs: 0 })
          } catch (cause) {
            reject(new TransportFault('unreadable', { cause }))
          }
        })
      })
    },
  }
  const services: Services = {
    dialect,
    transport,
    clock,
    deadlineMs: DEADLINE_MS,
    queryDeadlineMs: 5_000,
    codes,
    journal,
    ids: createIds(clock, random),
    pseudonym: (text) => text,
    bodyHash: (head, body) => head + Buffer.from(body).toString(),
    directory: createInstitutionDirectory(),
    formats: new Map([[format.id, format]]),
    trackUnknown: (exchange) => {
      for (const worker of workers) worker.watch(exchange)
    },
    observe: () => {},
    reportFault: (cause) => made.faults.push(cause),
  }
  const workers = Array.from({ length: options.workers ?? 1 }, (_, index) =>
    createRecovery({
      ...services,
      random,
      pauseMs: PAUSE_MS,
      name: `recovery-${index + 1}`,
      ...(options.paused === undefined ? {} : { paused: options.paused }),
    }),
  )
  const send = (infno: string, msgid: string, data: Record<string, unknown>) => {
    const body = Buffer.from(JSON.stringify(envelope(infno, msgid, data)))
    const caller = { id: 'his', institutions: 'any' } as const
    return handle(services, { dialect, format, caller, body, transaction: null })
  }
  const made: Bench = {
    timeline,
    disk,
    journal,
    workers,
    services,
    left: [],
    faults: [],
    most: { underWay: 0 },
    behaviour: options.behaviour ?? EMPTY,
    async settle() {
      const answer = send('2207', SETTLEMENT, BILL)
      await made.pass(DEADLINE_MS + 1)
      return answer
    },
    async until(reached) {
      for (let waited = 0; !reached(); waited += 1) {
        if (waited > 30_000) throw new Error(`never reached: ${JSON.stringify(made.left)}`)
        await made.pass(1)
      }
    },
    send,
    async pass(ms) {
      const until = timeline.elapsed() + ms
      timeline.after(ms, () => {})
      await timeline.run(until)
    },
  }
  return made
}

export const BILL = {
  psn_no: 'P1',
  mdtrt_cert_type: '02',
  mdtrt_cert_no: `99003419600101100${identityCheck('99003419600101100')}`,
  med_type: '11',
  medfee_sumamt: 100,
  psn_setlway: '01',
  mdtrt_id: 'V1',
  chrg_bchno: 'B1',
  insutype: '310',
  acct_used_flag: '1',
  fulamt_ownpay_amt: 0,
  overlmt_selfpay: 0,
  preselfpay_amt: 0,
  inscp_scp_amt: 100,
}

export function envelope(infno: string, msgid: string, data: Record<string, unknown>): Json {
  const place = { name: '示例医院（虚构）', treatmentArea: '340102', insuredArea: '621000' }
  const head = { id: msgid, at: '2026-03-02 09:00:00' }
  return nationalMessage({ institution: HOSPITAL, ...place }, infno, { data }, head)
}

/** The states of the settlement in the journal, in order; it is open from its own record on. */
export function life({ disk }: Pick<Bench, 'disk'>): (Pick<
  OutcomeEntry,
  'told' | 'searches' | 'sightings'
> & {
  readonly state: string
})[] {
  const own = disk.batches
    .flat()
    .find(({ exchange }) => exchange?.message === SETTLEMENT && exchange.transaction === '2207')
  return disk.batches
    .flat()
    .flatMap(({ exchange, outcome }) => [
      ...(exchange && exchange === own?.exchange ? [{ state: 'open', told: null }] : []),
      ...(outcome && outcome.exchange === own?.exchange?.id ? [outcome] : []),
    ])
}

/** Transactions that left, in order. */
export function transactions({ left }: Pick<Bench, 'left'>): string[] {
  return left.map(({ asked }) => asked.infno)
}
