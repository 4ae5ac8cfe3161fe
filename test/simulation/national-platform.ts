/**
 * The national platform, as small as it can be and keep books: it passes on, keeps its own row of money, and never
 * answers in a province's stead.
 */
import type { PlatformBook, PlatformRow } from '../../src/ledger/reconciliation.ts'
import { answer, CANCELLING, type Json, moneyIn, SETTLING } from './book.ts'
import type { Province } from './province.ts'

const MONEY = new Set<string>([...SETTLING, ...CANCELLING])

interface Passed extends PlatformRow {
  state: string
  total: number
  fund: number
  person: number
  account: number
  cash: number
  hospital: number
  answer: string | null
  readonly digest: string
}

/** What the hop to an insured province brings: its bytes, or null for silence. */
export type Hop = (province: string, bytes: string, back: (body: string | null) => void) => void

/** The national platform: passes on, keeps its own row of money, never answers in a province's stead. */
export class National {
  readonly #rows = new Map<string, Passed>()
  readonly #buried = new Set<string>()
  readonly #inFlight = new Map<string, ((body: string) => void)[]>()
  readonly #hop: Hop
  readonly #stopped: () => boolean

  constructor(hop: Hop, stopped: () => boolean) {
    this.#hop = hop
    this.#stopped = stopped
  }

  receive(bytes: string, respond: (body: string) => void): void {
    const message = JSON.parse(bytes)
    if (this.#stopped()) {
      respond(answer(-1, null, 'E702 参保地公告停机，未转发'))
      return
    }
    const { infno, input, insuplc_admdvs } = message
    const province = `${insuplc_admdvs.slice(0, 2)}0000`
    const silent = answer(-1, null, 'E701 参保地医保平台超时未应答')
    if (MONEY.has(infno)) {
      this.#settle(message, bytes, province, respond)
      return
    }
    if (infno === '2601') {
      const key = `${input.data.oinfno} ${input.data.omsgid}`
      if (!this.#rows.has(key)) this.#buried.add(key)
      this.#hop(province, bytes, (body) => {
        const row = this.#rows.get(key)
        if (body && JSON.parse(body).infcode === 0) {
          this.#buried.add(key)
          if (row && row.state !== 'refused') row.state = 'reversed'
        }
        respond(body ?? silent)
      })
      return
    }
    this.#hop(province, bytes, (body) => {
      if (body && infno === '5203') this.#learn(JSON.parse(body))
      respond(body ?? silent)
    })
  }

  #settle(message: Json, bytes: string, province: string, respond: (body: string) => void): void {
    const { infno, msgid, input } = message
    const key = `${infno} ${msgid}`
    const digest = JSON.stringify(input)
    const before = this.#rows.get(key)
    if (this.#buried.has(key)) {
      respond(answer(-1, null, 'E504 该报文已冲正'))
      return
    }
    if (before && before.digest !== digest) {
      respond(answer(-1, null, 'E504 报文ID已用于他文'))
      return
    }
    if (before?.answer) {
      respond(before.answer)
      return
    }
    const waiting = this.#inFlight.get(key)
    if (waiting) {
      waiting.push(respond)
      return
    }
    this.#inFlight.set(key, [respond])
    const row = before ?? opened(msgid, infno, input.data?.mdtrt_id ?? '', digest)
    this.#rows.set(key, row)
    const was = row.state
    row.state = 'forwarded'
    this.#hop(province, bytes, (body) => {
      const told = this.#concluded(row, was, key, body)
      const all = this.#inFlight.get(key)!
      this.#inFlight.delete(key)
      for (const each of all) each(told)
    })
  }

  #concluded(row: Passed, was: string, key: string, body: string | null): string {
    if (row.state === 'forwarded') {
      if (!body) row.state = was === 'settled' ? 'settled' : 'unknown'
      else {
        const read = JSON.parse(body)
        row.state = read.infcode === 0 ? 'settled' : 'refused'
        row.answer = body
        const shown = read.infcode === 0 && read.output.setlinfo
        if (shown) Object.assign(row, moneyIn(shown), { mdtrt_id: shown.mdtrt_id })
      }
    }
    if (this.#buried.has(key)) return answer(-1, null, 'E504 该报文已冲正')
    return body ?? answer(-1, null, 'E701 参保地医保平台超时未应答')
  }

  /** A query that shows a settlement says what became of a row that had no answer. */
  #learn(read: Json): void {
    const shown = read.output?.setlinfo
    const row = shown && [...this.#rows.values()].find((each) => each.msgid === shown.medins_setl_id)
    if (row && ['unknown', 'forwarded'].includes(row.state)) {
      Object.assign(row, moneyIn(shown), { mdtrt_id: shown.mdtrt_id, state: 'settled' })
    }
  }

  /** Of what is paid later it keeps nothing by itself: the provinces tell it at the end. */
  book(provinces: readonly Province[]): PlatformBook {
    const later = provinces.flatMap((one) => one.laterPaid().filter(({ across }) => across))
    return { platform: 'national', settlements: [...this.#rows.values(), ...later] }
  }
}

function opened(msgid: string, infno: string, mdtrt_id: string, digest: string): Passed {
  const nothing = { total: 0, fund: 0, person: 0, account: 0, cash: 0, hospital: 0 }
  return { msgid, infno, mdtrt_id, state: 'new', ...nothing, answer: null, digest }
}
