/** A reversal that recovery overtakes as its own yes is written becomes unknown, and nothing of it stays open. */
import { expect, it } from 'vitest'
import { handle } from './alone.ts'
import { bench, envelope, HOSPITAL, life, SETTLEMENT } from './recovery-support.ts'

const REVERSAL = `${HOSPITAL}202603020900000009`
const UNDO = { psn_no: 'P1', omsgid: SETTLEMENT, oinfno: '2207' }

it('becomes unknown and is looked at anew; nothing of it stays open', async () => {
  const made = bench({ paused: true })
  await made.settle()
  expect(life(made).at(-1)?.state).toBe('unknown')
  const watched: number[] = []
  const { journal } = made
  let asked = 0
  const meeting: typeof journal = {
    ...journal,
    byMessage(...names) {
      const found = made.disk.byMessage(...names)
      asked += 1
      // Before it sends the way asks whether it is undone already; with the platform's yes in hand, what it is by now.
      if (found && asked === 2) void journal.record(found.exchange, 'unknown', 'found', { hop: '620000' })
      return found
    },
  }
  const { dialect, formats } = made.services
  const body = Buffer.from(JSON.stringify(envelope('2601', REVERSAL, UNDO)))
  const caller = { id: 'his', institutions: 'any' } as const
  const answer = handle(
    { ...made.services, journal: meeting, trackUnknown: (exchange) => watched.push(exchange) },
    { dialect, format: formats.get(dialect.id)!, caller, body, transaction: null },
  )
  await made.pass(1_000)

  expect((await answer).problem).toBe('outcome-unknown')
  expect(asked).toBe(2)
  expect(made.faults).toEqual([])
  expect(life(made).at(-1)?.state).toBe('accepted')
  const reversal = made.disk.byMessage(HOSPITAL, REVERSAL, '2601')
  expect(reversal).toMatchObject({ state: 'unknown' })
  expect(watched).toEqual([reversal!.exchange.id])
  expect(await journal.inFlight(reversal!.exchange.key!)).toBeNull()
})
