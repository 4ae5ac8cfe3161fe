/** What comes while its destination is down: one write, nothing leaves, and the key may be tried again. */
import { expect, it } from 'vitest'
import type { InboundRequest, OutboundReply } from '../../src/pipeline/context.ts'
import type { Refused } from '../../src/transport/fault.ts'
import { handle } from './alone.ts'
import { type Bench, BILL, bench, EMPTY, envelope, life, SETTLEMENT } from './recovery-support.ts'

const DOWN: Refused = { why: 'down', since: null, againMs: 4_000 }
const YES = {
  says: (asked: Parameters<typeof EMPTY.says>[0]) =>
    asked.infno === '2207' ? { no: '参保地已停保' } : EMPTY.says(asked),
}

/** Sends the settlement; `down` says whether its destination is known to be. */
async function settle(
  made: Bench,
  down: boolean,
  message = envelope('2207', SETTLEMENT, BILL),
): Promise<OutboundReply> {
  const { services } = made
  const { dialect, formats } = services
  const transport = { ...services.transport, isDown: () => down, refusal: () => (down ? DOWN : null) }
  const body = Buffer.from(JSON.stringify(message))
  const caller = { id: 'his', institutions: 'any' } as const
  const arrival: InboundRequest = {
    dialect,
    format: formats.get(dialect.id)!,
    caller,
    body,
    transaction: null,
  }
  const answer = handle({ ...services, transport }, arrival)
  await made.pass(1_000)
  return answer
}

it('is one write of intent and outcome, and nothing leaves', async () => {
  const made = bench({ behaviour: YES })
  const answer = await settle(made, true)
  expect(answer).toMatchObject({ problem: 'destination-down', replayed: false, retryAfterSeconds: 4 })
  expect(made.left).toEqual([])
  expect(made.disk.batches).toHaveLength(1)
  expect(life(made).map(({ state }) => state)).toEqual(['open', 'unsent'])
})

it('is tried again under its key when the destination is back', async () => {
  const made = bench({ behaviour: YES })
  await settle(made, true)
  const answer = await settle(made, false)
  expect(answer.problem).toBe('fund-refused')
  expect(made.left).toHaveLength(1)
  expect(life(made).map(({ state }) => state)).toEqual(['open', 'unsent', 'open', 'refused'])
})

it('gets the stored answer where there is one, although the destination is down', async () => {
  const made = bench({ behaviour: YES })
  const first = await settle(made, false)
  const again = await settle(made, true)
  expect(again).toMatchObject({ problem: 'fund-refused', replayed: true })
  expect(again.body.equals(first.body)).toBe(true)
})

it('says first that another settlement of the visit is unknown', async () => {
  const made = bench()
  await made.settle()
  const other = { ...envelope('2207', `${SETTLEMENT.slice(0, -1)}2`, BILL) }
  const answer = await settle(made, true, other)
  expect(answer.problem).toBe('encounter-busy')
})
