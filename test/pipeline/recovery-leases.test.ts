/** Two workers over one journal recover as one alone would, and are never at the same case at once. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bench, EMPTY, life, transactions } from './recovery-support.ts'

const HOUR_MS = 3_600_000
const SEED = 20_260_302

describe('two workers over one journal', () => {
  it('do together what one would do alone: three searches, one reversal, one verification', async () => {
    const made = bench({ workers: 2 })
    await made.settle()
    await made.pass(HOUR_MS)
    const search = ['5203', '5202']
    expect(transactions(made)).toEqual(['2207', ...search, ...search, ...search, '2601', ...search])
    expect(made.most.underWay).toBe(1)
    expect((await Promise.all(made.workers.map((worker) => worker.cases()))).flat()).toEqual([])
    expect(made.faults).toEqual([])
  })

  it('show who is at a case and until when, and nobody between two steps', async () => {
    const made = bench({ workers: 2 })
    await made.settle()
    expect(await made.workers[1]!.cases()).toMatchObject([{ leasedBy: null, leasedUntil: null }])
    await made.until(() => made.left.length === 2)
    const [seen] = await made.workers[1]!.cases()
    expect(seen!.leasedBy).toMatch(/^recovery-[12]$/)
    expect(seen!.leasedUntil).toMatch(/^2026-03-02 09:00:2\d$/)
  })

  it('are never at the same case at once, however long answers and commits take, and lose no search', async () => {
    const moments = fc.record({
      answersMs: fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 12 }),
      holds: fc.array(
        fc.record({
          afterMs: fc.integer({ min: 0, max: 15_000 }),
          lastsMs: fc.integer({ min: 1, max: 40_000 }),
        }),
        { maxLength: 4 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(moments, async ({ answersMs, holds }) => {
        let count = 0
        const takesMs = () => {
          count += 1
          return answersMs[count % answersMs.length]!
        }
        const made = bench({ workers: 2 })
        await made.settle()
        made.behaviour = { ...EMPTY, takesMs }
        for (const { afterMs, lastsMs } of holds) {
          await made.pass(afterMs)
          made.disk.hold()
          await made.pass(lastsMs)
          made.disk.release()
        }
        made.behaviour = EMPTY
        await made.pass(HOUR_MS)
        const told = life(made)
        const last = told[told.findIndex(({ state }) => state === 'undoing') - 1]
        expect(made.most.underWay).toBe(1)
        expect(last!.searches).toBe(3)
        expect(told.at(-1)!.state).toBe('reversed')
        expect(made.faults).toEqual([])
      }),
      { numRuns: 150, seed: SEED },
    )
  })
})
