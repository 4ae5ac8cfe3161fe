/** The two sides of a load run over HTTP: the gateway's tally, the platforms' books and people. */
import type { Effects, Moment, Tally } from './gate.ts'

/** Where the gateway and the provincial platforms listen. */
export interface Parties {
  readonly gateway: string
  /** Provincial platforms only: each settlement stands in exactly one of them. */
  readonly provinces: readonly string[]
}

/** How long the gateway may come no nearer to rest, and who is told on the way how many cases are open. */
export interface Patience {
  readonly ms: number
  open(cases: number): void
}

const A_MINUTE: Patience = { ms: 60_000, open: () => {} }
const PAUSE_MS = 200

/** `ZHIJIE_GATEWAY`, and `ZHIJIE_PLATFORMS` separated by commas; else those of `npm start`. */
export function partiesOf(environment: Readonly<Record<string, string | undefined>>): Parties {
  const first = 8091
  const ours = Array.from({ length: 5 }, (_, index) => `http://127.0.0.1:${first + index}`)
  return {
    gateway: environment.ZHIJIE_GATEWAY ?? 'http://127.0.0.1:8080',
    provinces: environment.ZHIJIE_PLATFORMS?.split(',') ?? ours,
  }
}

/** A page of JSON of either side. @throws {Error} in a sentence for whoever started the run */
export async function get<Page>(url: string, path: string): Promise<Page> {
  const answer = await fetch(new URL(path, url)).catch((cause) => {
    throw new Error(`${url} does not answer; run npm start first`, { cause })
  })
  if (!answer.ok) throw new Error(`${url}${path} answered ${answer.status}`)
  return (await answer.json()) as Page
}

async function effectsOf({ provinces }: Parties): Promise<Effects> {
  const pages = await Promise.all(
    provinces.map((url) => get<{ settlements: { state: string; total: number }[] }>(url, '/book')),
  )
  const standing = pages.flatMap(({ settlements }) => settlements).filter(({ state }) => state === 'settled')
  return { standing: standing.length, standingFen: standing.reduce((sum, { total }) => sum + total, 0) }
}

/** Both sides once the gateway has no open case, or when it has come no further for as long as patience lasts: a minute unless told. */
export async function atRest(parties: Parties, patience = A_MINUTE): Promise<Moment> {
  let fewest = Number.POSITIVE_INFINITY
  let end = performance.now() + patience.ms
  for (;;) {
    const tally = await get<Tally>(parties.gateway, '/v1/tally')
    const goesOn = tally.open < fewest
    if (tally.open === 0 || (!goesOn && performance.now() > end))
      return { tally, effects: await effectsOf(parties) }
    if (goesOn) {
      fewest = tally.open
      end = performance.now() + patience.ms
    }
    patience.open(tally.open)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** An insured person of a platform. */
export interface Insured {
  readonly psn_no: string
  readonly credentials: readonly { mdtrt_cert_type: string; mdtrt_cert_no: string }[]
  readonly insurance: readonly { insutype: string; psn_insu_stas: string; insuplc_admdvs: string }[]
  /** Where the person may be treated: cities, by days; no end where `until` is null. */
  readonly filings: readonly { destination: string; from: string; until: string | null }[]
}

/** The people insured at the platforms. */
export async function peopleOf({ provinces }: Parties): Promise<Insured[]> {
  const pages = await Promise.all(provinces.map((url) => get<{ people: Insured[] }>(url, '/people')))
  return pages.flatMap(({ people }) => people)
}
