/** Who takes part in a run: the people, the gateway's table of problems, the province that goes dark. */
import { readFileSync } from 'node:fs'
import { get, type Insured, type Parties, peopleOf } from '../parties.ts'
import type { ProblemRow } from './answers.ts'
import type { ProfileRun } from './arguments.ts'
import { type Switch, switchOf } from './darkness.ts'
import { type Pairs, pairsOf } from './plan.ts'
import { PROFILES } from './profiles.ts'

/** They. */
export interface Participants {
  readonly problems: readonly ProblemRow[]
  readonly pairs: Pairs
  /** The insured province that goes dark where the profile has one. */
  readonly province: string
  /** How it goes dark; null if nothing does. */
  readonly own: Switch | null
}

async function peopleFor(run: ProfileRun, parties: Parties): Promise<Insured[]> {
  if (run.people === undefined) return peopleOf(parties)
  const { people } = JSON.parse(readFileSync(run.people, 'utf8')) as { people?: Insured[] }
  if (!Array.isArray(people))
    throw new Error(`${run.people} has no "people", as a platform's /people shows them`)
  return people
}

/** Address of the platform of each province that says who it is. */
async function addressesOf({ provinces }: Parties): Promise<Record<string, string>> {
  const told = await Promise.all(
    provinces.map(async (url) => {
      const page = await get<{ platform?: string }>(url, '/health').catch(() => null)
      return page?.platform ? [[page.platform, url] as const] : []
    }),
  )
  return Object.fromEntries(told.flat())
}

/** Gathers them. @throws {Error} in a sentence where somebody is missing */
export async function participants(
  run: ProfileRun,
  parties: Parties,
  say: (line: string) => void,
): Promise<Participants> {
  const problems = await get<ProblemRow[]>(parties.gateway, '/problems')
  const pairs = pairsOf(await peopleFor(run, parties), new Date().toISOString().slice(0, 10))
  const provinces = Object.keys(pairs)
  if (provinces.length === 0) throw new Error('The platforms insure nobody who may be treated')
  const province = run.dark ?? provinces[0]!
  if (!(province in pairs))
    throw new Error(`Nobody is insured in ${province}; --dark takes one of ${provinces.join(', ')}`)
  if (PROFILES[run.name].dark === null) return { problems, pairs, province, own: null }
  const url = (await addressesOf(parties))[province]
  const own = await switchOf({ province, url, command: run.darkCommand, call: run.darkCall, say })
  return { problems, pairs, province, own }
}
