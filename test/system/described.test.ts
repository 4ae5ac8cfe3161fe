/** Transactions that the catalogue alone describes go through the whole system, from the check to the answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { shippedCatalogue } from '../../src/extension/catalogue.ts'
import { sampleInput } from '../../src/extension/catalogue-samples.ts'
import { HOSPITAL, messageId, type Said, type System, startSystem, yes } from './support.ts'

const catalogue = shippedCatalogue()
const LOCAL = { insuplc_admdvs: '' }
const VALUES = { fixmedins_code: HOSPITAL, orgCodg: HOSPITAL }
const DESCRIBED = [...catalogue.heads.values()].filter(({ number }) => national.operations[number]!.described)
/** Editions of transactions whose handlers know visits: they need one. */
const OF_A_VISIT = ['2203A', '2206A', '2207A']
/** The simulated platform holds them against its book: made up, they are none of it. */
const OF_A_BOOK = [
  ...[
    '2501A',
    '2502',
    '2503',
    '2504',
    '2505',
    '2506',
    '2507',
    '5301',
    '5302',
    '5304',
    '3202',
    '3203',
    '3203A',
    '3204',
    '3204A',
    '3211',
    '3212',
    '3261',
    '3262',
    '9102',
    '4101',
    '4101A',
    '4102',
    '4103',
  ],
]

/** Answered without an envelope: `self-paid.test.ts` and the conformance kit ask them. */
const BARE = ['4261', '4262', '4263']

/** They speak of an order whose person and lines the simulated centre knows: the conformance kit plays them. */
const OF_AN_ORDER = ['6201', '6202', '6301', '6401']
/** Whose handlers know orders of a pharmacy and prescriptions: no sample alone is answered with a yes. */
const OF_A_COURSE = /^(?:21[678]\d|710[134]|720\d|7210)$/

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

const sample = (number: string, more = {}) =>
  sampleInput(catalogue, number, {
    province: '',
    whole: true,
    // A return gives back what the sale before it has sold; each deletion deletes what is there.
    values: {
      ...VALUES,
      drug_trac_codg: `TRACE-${number.replace('3506', '3505')}`,
      inv_data_type: number.endsWith('A') ? '2' : '1',
      ...more,
    },
  })

async function status(transaction: string, message: string) {
  const query = new URLSearchParams({ institution: HOSPITAL, transaction, message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests[0]!
}

/** A sale of one package. */
function sale(code: string, batch: string) {
  return {
    ...(sample('3505A') as { selinfoDetail: Record<string, unknown>[] }).selinfoDetail[0],
    fixmedins_bchno: batch,
    drugtracinfo: [{ drug_trac_codg: code }],
  }
}
const sell = (rows: unknown[], id = messageId()): Promise<Said> =>
  system.send('3505A', { selinfoDetail: rows }, id, LOCAL)

describe('each of them', () => {
  const beside = [...OF_A_VISIT, ...OF_A_BOOK, ...OF_AN_ORDER, ...BARE]
  // A file must be there before it is fetched: `file.test.ts` does.
  const alone = ({ number, kind, answers }: (typeof DESCRIBED)[number]) =>
    !beside.includes(number) && !OF_A_COURSE.test(number) && kind !== 'cancellation' && answers !== 'file'
  it.each(DESCRIBED.filter(alone))(
    '$number $zh is answered by the platform, and what changes something stands in the journal',
    async ({ number, kind }) => {
      const id = messageId()
      const said = await system.send(number, sample(number), id, LOCAL)
      expect([said.json.infcode, said.json.err_msg]).toEqual([0, ''])
      if (['query', 'trial'].includes(kind)) return
      expect(await status(number, id)).toMatchObject({
        transaction: number,
        state: 'accepted',
        refusedRows: null,
      })
      const again = await system.send(number, sample(number), id, LOCAL)
      expect(again.text).toBe(said.text)
    },
  )

  it.each(DESCRIBED.filter(({ number }) => ![...OF_A_VISIT, ...BARE].includes(number)))(
    '$number $zh with a list where a node belongs is refused, and does not leave',
    async ({ number }) => {
      const { input } = catalogue.nodes(number, '')
      const node = input.find(({ at, must }) => must && at !== '' && !at.includes('.'))
      const bad = node ? { ...sample(number), [node.at]: '无' } : '无'
      const id = messageId()
      const { json } = await system.send(number, bad, id, LOCAL)
      expect(json).toMatchObject({ infcode: -1, output: null })
      expect(json.err_msg).toContain(node ? node.at : 'input')
      expect(json.err_msg).toContain('[invalid-field]')
    },
  )
})

describe('a list of sales', () => {
  it('half of which is taken is told row by row as it came, and the journal says which rows stand', async () => {
    yes(await sell([sale('TRACE-1', 'B1')]))
    const id = messageId()
    const rows = [sale('TRACE-2', 'B2'), sale('TRACE-1', 'B3'), sale('TRACE-3', 'B4')]
    const said = await sell(rows, id)
    const { selinfoDetail } = yes(said)
    expect(selinfoDetail.map((row: { retRslt: string }) => row.retRslt)).toEqual(['1', '0', '1'])
    expect(await status('3505A', id)).toMatchObject({
      state: 'accepted',
      refusedRows: { sent: 3, rows: [2] },
      nextStep: expect.stringContaining('部分行未受理'),
    })
    expect((await sell(rows, id)).text).toBe(said.text)
    // It stays so when the gateway starts anew.
    await system.restart()
    expect(await status('3505A', id)).toMatchObject({ refusedRows: { sent: 3, rows: [2] } })
  })

  it('may be of several people, whose visits are their own', async () => {
    const rows = ['P1', 'P2'].map((psn_no) => ({ ...sale(`TRACE-${psn_no}`, psn_no), psn_no }))
    expect((await sell(rows)).json.infcode).toBe(0)
  })

  it('of which nothing is taken is a refusal', async () => {
    const id = messageId()
    const { json } = await sell([sale('TRACE-1', 'B5')], id)
    expect(json).toMatchObject({ infcode: -1, output: null })
    expect(json.err_msg).toContain('全部1行均未受理。第1行：追溯码已销售')
    expect(await status('3505A', id)).toMatchObject({ state: 'refused', refusedRows: null })
  })

  it('is shown again by the query that reads it, in its own names', async () => {
    const data = {
      ...{ fixmedins_code: HOSPITAL, fixmedins_bchno: 'B2', begndate: '2026-03-12', enddate: '2026-03-12' },
    }
    const shown = yes(await system.send('3511', { data }, messageId(), LOCAL)) as Record<string, unknown>[]
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.every((row) => row.fixmedinsBchno === 'B2')).toBe(true)
  })
})

describe('a change whose row says that it may be repeated', () => {
  it('is sent again with the same id after its answer was lost, and ends as accepted', async () => {
    await system.faults(system.treating, [{ kind: 'drop-after', transaction: '3401', times: 1 }])
    const id = messageId()
    const { json } = await system.send('3401', sample('3401'), id, LOCAL)
    expect(json.err_msg).toContain('[outcome-unknown]')
    await expect.poll(async () => (await status('3401', id)).state).toBe('accepted')
  })
})
