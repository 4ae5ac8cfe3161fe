/** Profiles come to what they say, and the same seed gives the same visits. */
import { describe, expect, it } from 'vitest'
import { pairsOf, visitsOf } from '../../load-tests/kit/plan.ts'
import { PROFILES, type Profile } from '../../load-tests/kit/profiles.ts'
import { bucketOf, phasesOf } from '../../load-tests/kit/run.ts'
import { arrivalsOf, meanShare, shareAt } from '../../load-tests/kit/shape.ts'
import type { Insured } from '../../load-tests/parties.ts'
import { seededRandom } from '../../src/seeded-random.ts'

const profiles: readonly (readonly [string, Profile])[] = Object.entries<Profile>(PROFILES)
const DAY = '2026-03-02'
const HOUR_MS = 3_600_000

function person(area: string, more: Partial<Insured> = {}): Insured {
  return {
    psn_no: `${area}99000000000000000001`,
    credentials: [{ mdtrt_cert_type: '01', mdtrt_cert_no: 'TOKEN' }],
    insurance: [{ insutype: '310', psn_insu_stas: '1', insuplc_admdvs: area }],
    filings: [],
    ...more,
  }
}

const filed = (destination: string, until: string | null = null) => ({
  from: '2025-01-01',
  until,
  destination,
})

const pairs = pairsOf(
  [
    person('340104'),
    person('440106', { filings: [filed('340100')] }),
    person('620102', { filings: [filed('340100', '2026-03-01')] }),
    person('640302', { insurance: [{ insutype: '310', psn_insu_stas: '2', insuplc_admdvs: '640302' }] }),
  ],
  DAY,
)

describe('arrivalsOf()', () => {
  it.each(profiles)('of %s comes to the area under its shape', (_, { shape }) => {
    const [rate, durationMs] = [20, HOUR_MS]
    const expected = rate * 3600 * meanShare(shape)
    const count = [...arrivalsOf(shape, rate, durationMs, seededRandom(7))].length
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected))
  })

  it.each(profiles)('of %s gives each tenth of the time what the shape says', (_, { shape }) => {
    const tenths = Array.from({ length: 10 }, () => 0)
    for (const at of arrivalsOf(shape, 50, HOUR_MS, seededRandom(3)))
      tenths[Math.floor((at / HOUR_MS) * 10)]! += 1
    for (const [index, count] of tenths.entries()) {
      const steps = Array.from({ length: 100 }, (_, step) =>
        shareAt(shape, (index + (step + 0.5) / 100) / 10),
      )
      const expected = (50 * 360 * steps.reduce((sum, share) => sum + share, 0)) / 100
      expect(Math.abs(count - expected), `tenth ${index}`).toBeLessThan(5 * Math.sqrt(expected))
    }
  })

  it('goes up in order and stays within the run', () => {
    const due = [...arrivalsOf(PROFILES['morning-peak'].shape, 10, 60_000, seededRandom(1))]
    expect(due).toEqual(due.toSorted((one, other) => one - other))
    expect(due.at(-1)).toBeLessThan(60_000)
  })
})

describe('the morning peak', () => {
  it.each([
    [0, 0.2],
    [1 / 6, 0.6],
    [1 / 3, 1],
    [0.5, 1],
    [2 / 3, 1],
    [1, 0.2],
  ])('at %f of the time asks for %f of the rate', (at, share) => {
    expect(shareAt(PROFILES['morning-peak'].shape, at)).toBeCloseTo(share)
  })
})

describe('visitsOf()', () => {
  const run = { rate: 20, durationMs: 60_000, seed: 5 }
  const visits = (profile: Profile, seed = 5) => [...visitsOf(profile, pairs, { ...run, seed })]

  it.each(profiles)('of %s repeats with the seed and differs with another', (_, profile) => {
    expect(visits(profile)).toEqual(visits(profile))
    expect(visits(profile, 6)).not.toEqual(visits(profile))
  })

  it.each(profiles)('of %s keeps to its bills', (_, profile) => {
    for (const { kind, lines } of visits(profile)) {
      const [least, most] = kind === 'question' ? [0, 0] : profile.lines[kind]
      expect(lines.length).toBeGreaterThanOrEqual(least)
      expect(lines.length).toBeLessThanOrEqual(most)
      expect(lines.every((fen) => Number.isSafeInteger(fen) && fen > 0)).toBe(true)
    }
  })

  it('of the month end has stays of 200 lines, cancellations, settlements anew and questions', () => {
    const all = visits(PROFILES['month-end'])
    const stays = all.filter(({ kind }) => kind === 'inpatient')
    expect(stays.length).toBeGreaterThan(all.length / 3)
    expect(new Set(stays.map(({ lines }) => lines.length))).toEqual(new Set([200]))
    expect(all.filter(({ isCancelled }) => isCancelled).length).toBeGreaterThan(all.length / 20)
    expect(all.some(({ isCancelled, isSettledAnew }) => isSettledAnew && isCancelled)).toBe(true)
    expect(all.some(({ isCancelled, isSettledAnew }) => isSettledAnew && !isCancelled)).toBe(false)
    expect(all.filter(({ kind }) => kind === 'question').length).toBeGreaterThan(all.length / 4)
  })

  it('sends people at home or where a filing of today leads, and names the destination as the gateway does', () => {
    const seen = new Set(
      visits(PROFILES['slow-burn']).map(
        ({ person: { insurance }, hospital, destination }) =>
          `${insurance[0]!.insuplc_admdvs} ${hospital.area} ${destination}`,
      ),
    )
    expect([...seen].sort()).toEqual([
      '340104 340102 340000',
      '440106 340102 national/440000',
      '440106 440104 440000',
      '620102 621002 620000',
    ])
  })
})

describe('phasesOf()', () => {
  it('of one province dark parts the middle third, and the province from the others', () => {
    const phaseOf = phasesOf(PROFILES['one-province-dark'], 90_000, '440000')
    expect(phaseOf(29_999, '440000')).toBe('before 440000+')
    expect(phaseOf(30_000, 'national/440000')).toBe('dark 440000+')
    expect(phaseOf(59_999, 'national/340000')).toBe('dark others')
    expect(phaseOf(60_000, '440000')).toBe('after 440000+')
  })

  it('of a slow burn parts the first tenth and the last', () => {
    const phaseOf = phasesOf(PROFILES['slow-burn'], 100_000, '')
    expect([9_999, 10_000, 89_999, 90_000].map((at) => phaseOf(at, '440000'))).toEqual([
      'first all',
      'between all',
      'between all',
      'last all',
    ])
  })
})

describe('bucketOf()', () => {
  it.each([
    [6_000, false, 250],
    [60_000, false, 1000],
    [HOUR_MS, false, 60_000],
    [HOUR_MS, true, 60_000],
    [8 * HOUR_MS, true, 600_000],
  ])('of %i ms, drift %s, is %i ms', (durationMs, drift, ms) => {
    expect(bucketOf(durationMs, drift)).toBe(ms)
  })
})
