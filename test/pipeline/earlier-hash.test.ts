/** A message that an earlier build wrote down with another hash of its body is still known as the same one. */
import { expect, it } from 'vitest'
import type { Services } from '../../src/pipeline/context.ts'
import { handle } from '../../src/pipeline/handle.ts'
import { type Asked, BILL, bench, EMPTY, envelope, SETTLEMENT, shown } from './recovery-support.ts'

const earlier = (head: string, body: Uint8Array) => `earlier ${head}${Buffer.from(body)}`

function settles({ infno, msgid, data }: Asked) {
  if (infno !== '2207') return EMPTY.says({ infno, msgid, data })
  const { setlinfo, setldetail } = shown(msgid)
  const { psn_pay: psn_part_amt, cash_payamt: psn_cash_pay, ...rest } = setlinfo
  return { output: { setlinfo: { ...rest, psn_part_amt, psn_cash_pay }, setldetail } }
}

/** A settlement that a build of before has carried out; `send` sends it, or another bill, to a build of now. */
async function settledBefore() {
  const made = bench({ behaviour: { says: settles } })
  const { dialect, formats } = made.services
  const sendTo = async (services: Services, bill: Record<string, unknown> = BILL) => {
    const body = Buffer.from(JSON.stringify(envelope('2207', SETTLEMENT, bill)))
    const caller = { id: 'his', institutions: 'any' } as const
    const answer = handle(services, {
      dialect,
      format: formats.get(dialect.id)!,
      caller,
      body,
      transaction: null,
    })
    await made.pass(1_000)
    return answer
  }
  const first = await sendTo({ ...made.services, bodyHash: earlier })
  expect(first).toMatchObject({ problem: null, replayed: false })
  const now: Services = { ...made.services, earlierBodyHash: earlier }
  return { made, now, first, sendTo }
}

it('the same message gets the stored answer and does not leave again', async () => {
  const { made, now, first, sendTo } = await settledBefore()
  const again = await sendTo(now)
  expect(again).toMatchObject({ problem: null, replayed: true })
  expect(again.body.equals(first.body)).toBe(true)
  expect(made.left).toHaveLength(1)
})

it('with another body it is a conflict as ever', async () => {
  const { made, now, sendTo } = await settledBefore()
  expect(await sendTo(now, { ...BILL, invono: 'another' })).toMatchObject({ problem: 'key-conflict' })
  expect(made.left).toHaveLength(1)
})

it('it hears what became of it even where it would be refused by now', async () => {
  const { now, first, sendTo } = await settledBefore()
  const again = await sendTo({ ...now, directory: { ...now.directory, institution: () => null } })
  expect(again.body.equals(first.body)).toBe(true)
})
