/** One settlement under everything that platforms and networks do: never lost, never doubled, unknown until shown. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stretched } from '../support/stretched.ts'
import {
  about,
  HOSPITAL,
  messageId,
  openVisit,
  type System,
  startSystem,
  type Visit,
  yes,
} from './support.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterEach(async () => {
  await system.clearFaults()
})
afterAll(async () => {
  await system.stop()
})

async function settle(visit: Visit, id: string) {
  return system.send('2207', visit.settlement, id, about(visit.person))
}

/** Rows of a book for a message that stand. */
async function standing(platform: System['national'], id: string) {
  const page = (await (await fetch(`${platform.url}/book`)).json()) as {
    settlements: { msgid: string; state: string; infno: string }[]
  }
  return page.settlements.filter((row) => row.msgid === id && row.state === 'settled')
}

async function expectAgreement(): Promise<void> {
  expect(await system.agreement()).toEqual({
    lost: 0,
    doubled: 0,
    unknown: 0,
    fenDifference: 0,
    differences: [],
  })
}

describe('a settlement', () => {
  it('is settled in the journal and in both books, and the same message gives the same bytes', async () => {
    const visit = await openVisit(system)
    const id = messageId()
    const once = await settle(visit, id)
    expect(yes(once).setlinfo.medins_setl_id).toBe(id)
    const twice = await settle(visit, id)
    expect(twice.text).toBe(once.text)
    expect(await standing(system.national, id)).toHaveLength(1)
    expect(await standing(system.insured, id)).toHaveLength(1)
    await expectAgreement()
  })

  it('conflicts where the same message id carries another body', async () => {
    const visit = await openVisit(system)
    const id = messageId()
    yes(await settle(visit, id))
    const other = { ...visit, settlement: { data: { ...visit.settlement.data, acct_used_flag: '0' } } }
    const said = await settle(other, id)
    expect(said.json.infcode).toBe(-1)
    expect(said.json.err_msg).toContain('E504')
    expect(said.json.err_msg).toContain('换用新的报文ID')
    await expectAgreement()
  })

  it('in flight is waited for by the same message, and the visit takes no second settlement meanwhile', async () => {
    const visit = await openVisit(system)
    await system.faults(system.insured, { kind: 'delay', transaction: '2207', ms: stretched(150), times: 1 })
    const id = messageId()
    const both = [settle(visit, id), settle(visit, id)]
    const others: string[] = []
    let isOver = false
    const over = Promise.all(both).finally(() => {
      isOver = true
    })
    while (!isOver) {
      const status = await fetch(
        `${system.url()}/v1/status?institution=${HOSPITAL}&transaction=2207&message=${id}`,
      )
      // From the moment in which the journal holds it.
      if (status.ok && !isOver) others.push(String((await settle(visit, messageId())).json.err_msg))
    }
    const [first, second] = await over
    expect(yes(first!).setlinfo.medins_setl_id).toBe(id)
    expect(second!.text).toBe(first!.text)
    // Where the first was done by then, the platform says so.
    for (const other of others) expect(other).toMatch(/\[(encounter-busy|fund-refused)\]/)
    await expectAgreement()
  })

  const faults = [
    { name: 'the answer is dropped after booking', fault: { kind: 'drop-after' }, ends: 'settled' },
    { name: 'the message is dropped before booking', fault: { kind: 'drop-before' }, ends: 'reversed' },
    { name: 'the socket is reset after booking', fault: { kind: 'reset' }, ends: 'settled' },
    {
      name: 'the socket is reset before booking',
      fault: { kind: 'reset', when: 'before' },
      ends: 'reversed',
    },
    { name: 'the answer is unreadable', fault: { kind: 'garbage' }, ends: 'settled' },
    {
      name: 'the booking comes after the deadline',
      fault: { kind: 'late', ms: stretched(900) },
      ends: 'either',
    },
  ]
  for (const platform of ['insured', 'national'] as const) {
    it.each(faults)(
      `$name at the ${platform} platform: unknown first, then found or reversed`,
      async ({ fault, ends }) => {
        const visit = await openVisit(system)
        await system.faults(system[platform], { ...fault, transaction: '2207', times: 1 })
        const id = messageId()
        const said = await settle(visit, id)
        expect(said.json.infcode).toBe(-1)
        expect(said.json.err_msg).toContain('结果未知')
        expect(said.json.err_msg).toContain('请勿重复收费')
        await system.settled()
        const later = await settle(visit, id)
        const again = await settle(visit, id)
        expect(again.text).toBe(later.text)
        if (ends === 'settled') expect(yes(later).setlinfo.medins_setl_id).toBe(id)
        if (ends === 'reversed') expect(later.json.err_msg).toContain('可用新的报文ID重新办理')
        if (later.json.infcode !== 0) yes(await settle(visit, messageId()))
        await expectAgreement()
      },
    )
  }

  it('is answered at once and not sent where the platform takes no connection; the same message may try again', async () => {
    const visit = await openVisit(system)
    await system
      .faults(system.insured, { kind: 'stop', area: '620000', transaction: '2207' })
      .catch(() => undefined)
    await system.clearFaults()
    await system.faults(system.national, { kind: 'stop', area: '620000' })
    const id = messageId()
    const said = await settle(visit, id)
    expect(said.json.err_msg).toMatch(/^E702/)
    await system.clearFaults()
    yes(await settle(visit, messageId()))
    await expectAgreement()
  })

  it('answered twice on one connection is settled once', async () => {
    const visit = await openVisit(system)
    await system.faults(system.national, { kind: 'double', transaction: '2207', times: 1 })
    const id = messageId()
    yes(await settle(visit, id))
    const next = await openVisit(system)
    yes(await settle(next, messageId()))
    expect(await standing(system.insured, id)).toHaveLength(1)
    await expectAgreement()
  })

  it('whose outcome was unknown survives a restart and is found by the next run', async () => {
    const visit = await openVisit(system)
    await system.faults(system.insured, [
      { kind: 'drop-after', transaction: '2207', times: 1 },
      { kind: 'down', transaction: '5203' },
      { kind: 'down', transaction: '2601' },
    ])
    const id = messageId()
    expect((await settle(visit, id)).json.err_msg).toContain('结果未知')
    await system.restart()
    const cases = await system.app().recovery.cases()
    expect(cases.map((open) => open.message)).toEqual([id])
    await system.clearFaults()
    await system.settled()
    expect(yes(await settle(visit, id)).setlinfo.medins_setl_id).toBe(id)
    await expectAgreement()
  })
})

describe('a settlement that never came', () => {
  it('is not counted as missing while 5202 cannot read the visit, across the provinces; with it, it is reversed', async () => {
    const visit = await openVisit(system)
    await system.faults(system.insured, [
      { kind: 'drop-before', transaction: '2207', times: 1 },
      { kind: 'down', transaction: '5202' },
    ])
    const id = messageId()
    expect((await settle(visit, id)).json.err_msg).toContain('结果未知')
    await expect.poll(async () => (await system.app().recovery.cases())[0]?.triesDone).toBeGreaterThan(3)
    const shown = await fetch(`${system.url()}/v1/open-cases`)
    expect(await shown.json()).toMatchObject({
      paused: false,
      cases: [{ message: id, nextStep: 'ask', notFound: 0, owner: 'recovery' }],
    })
    await system.clearFaults()
    await system.settled()
    expect((await settle(visit, id)).json.err_msg).toContain('可用新的报文ID重新办理')
    yes(await settle(visit, messageId()))
    await expectAgreement()
  })
})

describe('the kill switch', () => {
  async function pause(paused: boolean) {
    const answer = await fetch(`${system.url()}/v1/recovery`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paused }),
    })
    expect(await answer.json()).toEqual({ paused })
  }

  it('keeps an unknown outcome as it is, with an operator as its owner, until recovery may go on', async () => {
    const visit = await openVisit(system)
    await system.faults(system.insured, { kind: 'drop-after', transaction: '2207', times: 1 })
    await pause(true)
    const id = messageId()
    expect((await settle(visit, id)).json.err_msg).toContain('结果未知')
    const asked = () =>
      system.send(
        '5203',
        {
          data: { psn_no: visit.person.number, setl_id: '', mdtrt_id: visit.encounter },
        },
        undefined,
        about(visit.person),
      )
    for (let round = 0; round < 5; round += 1) yes(await asked())
    const [open] = await system.app().recovery.cases()
    expect(open).toMatchObject({ message: id, owner: 'operator', triesDone: 0 })
    expect(open!.closesOn).toMatch(/^\d{4}-\d{2}-20$/)
    await pause(false)
    await system.settled()
    expect(yes(await settle(visit, id)).setlinfo.medins_setl_id).toBe(id)
    await expectAgreement()
  })

  it('says what it wants where it is asked in another way', async () => {
    const answer = await fetch(`${system.url()}/v1/recovery`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"paused":"yes"}',
    })
    expect(answer.status).toBe(422)
    expect(((await answer.json()) as { detail: string }).detail).toContain('paused')
  })
})

describe('a cancellation', () => {
  async function cancelInput(visit: Visit) {
    const setl_id = yes(await settle(visit, messageId())).setlinfo.setl_id as string
    return { data: { setl_id, mdtrt_id: visit.encounter, psn_no: visit.person.number } }
  }

  it('is a row of its own with negative amounts; afterwards the visit can be settled again', async () => {
    const visit = await openVisit(system)
    const input = await cancelInput(visit)
    const id = messageId()
    const said = await system.send('2208', input, id, about(visit.person))
    expect(yes(said).setlinfo.medfee_sumamt).toBe(-90)
    expect((await system.send('2208', input, id, about(visit.person))).text).toBe(said.text)
    yes(await settle(visit, messageId()))
    await expectAgreement()
  })

  it.each([{ kind: 'drop-after' }, { kind: 'drop-before' }, { kind: 'garbage' }])(
    'whose answer is lost ($kind) is found or undone, never sent again',
    async (fault) => {
      const visit = await openVisit(system)
      const input = await cancelInput(visit)
      await system.faults(system.insured, { ...fault, transaction: '2208', times: 1 })
      const said = await system.send('2208', input, messageId(), about(visit.person))
      expect(said.json.err_msg).toContain('结果未知')
      await system.settled()
      await expectAgreement()
    },
  )
})

describe('a reversal by the hospital', () => {
  it('undoes a settlement on both sides, and its message is answered with that from then on', async () => {
    const visit = await openVisit(system)
    const id = messageId()
    yes(await settle(visit, id))
    const input = { data: { psn_no: visit.person.number, omsgid: id, oinfno: '2207' } }
    yes(await system.send('2601', input, undefined, about(visit.person)))
    const said = await settle(visit, id)
    expect(said.json.err_msg).toContain('已冲正')
    expect((await settle(visit, id)).text).toBe(said.text)
    expect(await standing(system.insured, id)).toHaveLength(0)
    yes(await settle(visit, messageId()))
    await expectAgreement()
  })
})
