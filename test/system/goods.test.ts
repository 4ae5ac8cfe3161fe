/** Sales whose answer was lost are asked for by the codes on boxes, row by row; till then nobody else sells those. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BookPage } from '../../src/simulator/admin.ts'
import { HOSPITAL, messageId, type System, startSystem, yes } from './support.ts'

const LOCAL = { insuplc_admdvs: '' }

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

type Row = Record<string, unknown>
let serial = 0
const code = () => `8${String(++serial).padStart(19, '0')}`
const TIME = '2026-03-12 08:00:42'
const sold = (codes: readonly string[], more: Row = {}): Row => ({
  ...{
    med_list_codg: 'NMLC999',
    fixmedins_hilist_id: 'Y0001',
    fixmedins_hilist_name: '药品',
    fixmedins_bchno: 'B1',
  },
  ...{
    prsc_dr_name: '医师甲',
    phar_name: '药师甲',
    phar_prac_cert_no: '1',
    mdtrt_sn: 'MZ1',
    manu_lotnum: '1',
  },
  ...{ manu_date: '2026-01-01', expy_end: '2027-01-01', rx_flag: '1', trdn_flag: '0', finl_trns_pric: '1.5' },
  ...{
    rtal_docno: '1',
    drug_prod_barc: 'NDPB999',
    sel_retn_cnt: `${codes.length || 1}.0000`,
    sel_retn_time: TIME,
  },
  ...{ sel_retn_opter_name: '药师甲', mdtrt_setl_type: '2', hi_feesetl_type: '0' },
  ...{ drugtracinfo: codes.map((drug_trac_codg) => ({ drug_trac_codg })), ...more },
})
const list = (rows: readonly Row[]) => ({ selinfoDetail: rows })
const send = (infno: string, input: unknown, id = messageId()) => system.send(infno, input, id, LOCAL)
const lose = (transaction: string, kind = 'drop-after') =>
  system.faults(system.treating, [{ kind, transaction, times: 1 }])
const book = async () => (await (await fetch(`${system.treating.url}/book`)).json()) as BookPage
const standing = async (of: string) => (await book()).sold!.filter((one) => one.code === of).length

async function status(transaction: string, message: string) {
  const query = new URLSearchParams({ institution: HOSPITAL, transaction, message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests[0]!
}

/** Sends a message whose answer is lost. @returns what its key is answered with when it has an outcome */
async function lost(infno: string, input: unknown, kind?: string) {
  await lose(infno, kind)
  const id = messageId()
  expect((await send(infno, input, id)).json.err_msg).toContain('[outcome-unknown]')
  await system.clearFaults()
  await system.settled()
  return { ...(await status(infno, id)), said: (await send(infno, input, id)).json }
}

describe('a list of sales whose answer is lost', () => {
  it('stands where its codes are shown as sold, and its key is answered as it would have been', async () => {
    const codes = [code(), code(), code()]
    const one = await lost('3505A', list([sold(codes.slice(0, 2)), sold([codes[2]!], { mdtrt_sn: 'MZ2' })]))
    expect(one).toMatchObject({ state: 'accepted', refusedRows: null })
    expect(one.said.output.selinfoDetail.map(({ retRslt }: Row) => retRslt)).toEqual(['1', '1'])
    for (const each of codes) expect(await standing(each)).toBe(1)
  })

  it('stands in part where only some rows are shown: the journal and the key say which', async () => {
    const [before, fresh, last] = [code(), code(), code()]
    yes(await send('3505A', list([sold([before], { mdtrt_sn: 'MZ9' })])))
    const one = await lost('3505A', list([sold([fresh]), sold([before]), sold([last])]))
    expect(one).toMatchObject({ state: 'accepted', refusedRows: { sent: 3, rows: [2] } })
    expect(one.said.output.selinfoDetail).toMatchObject([
      { retRslt: '1' },
      { retRslt: '0', msgRslt: expect.stringContaining('查无此行') },
      { retRslt: '1' },
    ])
  })

  it('that never came is not done, and its codes are sold under another id', async () => {
    const one = code()
    expect(await lost('3505A', list([sold([one])]), 'drop-before')).toMatchObject({ state: 'reversed' })
    expect(await standing(one)).toBe(0)
    yes(await send('3505A', list([sold([one])])))
    expect(await standing(one)).toBe(1)
  })
})

describe('while nobody knows whether a box was sold', () => {
  it('no other message sells or returns it, other boxes go; also after a restart', async () => {
    const [one, two] = [code(), code()]
    await system.faults(system.treating, [
      { kind: 'drop-after', transaction: '3505A', times: 1 },
      { kind: 'drop-before', transaction: '3513', times: 500 },
    ])
    const id = messageId()
    expect((await send('3505A', list([sold([two]), sold([one])]), id)).json.err_msg).toContain(
      '[outcome-unknown]',
    )
    const refused = async () => {
      const { err_msg } = (await send('3505', { selinfo: sold([one]) })).json
      expect(err_msg).toContain('[encounter-busy]')
      expect(err_msg).toMatch(/selinfo\.drugtracinfo\[0\]\.drug_trac_codg所填追溯码在另一笔3505A中尚无结果/)
      expect(err_msg).not.toContain(one)
      expect((await send('3506A', list([sold([two])]))).json.err_msg).toContain('[encounter-busy]')
    }
    await refused()
    yes(await send('3505A', list([sold([code()])])))
    await system.restart()
    await refused()
    await system.clearFaults()
    await system.settled()
    expect(await status('3505A', id)).toMatchObject({ state: 'accepted' })
    expect((await send('3505', { selinfo: sold([one]) })).json.err_msg).not.toContain('[encounter-busy]')
    yes(await send('3506A', list([sold([two])])))
  })
})

describe.each([
  ['a count', '3501', 'invinfo', { invdate: '2026-03-12', inv_cnt: '7.00' }],
  ['a change', '3502', 'invinfo', { inv_chg_type: '103', cnt: 2, pric: 1, inv_chg_time: TIME }],
  ['a purchase', '3503', 'purcinfo', purchase(3)],
  ['a return of a purchase', '3504', 'purcinfo', purchase(1)],
  ['a sale without codes', '3505', 'selinfo', { drugtracinfo: [{}] }],
  ['a return without codes', '3506', 'selinfo', { drugtracinfo: [{}] }],
] as const)('%s whose answer is lost', (_, infno, node, more) => {
  it('is found where it stands, and not done where it never came', async () => {
    const at = { ...sold([]), fixmedins_bchno: `L${node}`, ...more }
    expect(await lost(infno, { [node]: at })).toMatchObject({ state: 'accepted', said: { infcode: 0 } })
    const later = { ...at, ...('invdate' in more ? { inv_cnt: 9 } : {}) }
    for (const time of ['inv_chg_time', 'purc_retn_stoin_time', 'sel_retn_time'])
      if (time in later) Object.assign(later, { [time]: '2026-03-12 09:00:00' })
    expect(await lost(infno, { [node]: later }, 'drop-before')).toMatchObject({ state: 'reversed' })
  })
})

function purchase(purc_retn_cnt: number) {
  return {
    ...{
      spler_name: '供应商',
      prodentp_name: '厂家',
      aprvno: '1',
      purc_retn_cnt,
      purc_retn_stoin_time: TIME,
    },
    purc_retn_opter_name: '库管甲',
  }
}

describe('a return whose answer is lost', () => {
  it('of a code is found by its row, and is not done while the code is shown as sold', async () => {
    const one = code()
    yes(await send('3505A', list([sold([one], { mdtrt_sn: 'MZ7' })])))
    const back = sold([one], { mdtrt_sn: 'MZ7', sel_retn_time: '2026-03-12 11:00:00' })
    expect(await lost('3506A', list([back]), 'drop-before')).toMatchObject({ state: 'reversed' })
    expect(await standing(one)).toBe(1)
    expect(await lost('3506A', list([back]))).toMatchObject({
      state: 'accepted',
      said: { output: { selinfoErrDetail: [] } },
    })
    expect(await standing(one)).toBe(0)
  })
})

describe('a virtual code whose answer is lost', () => {
  it('is asked for again: at worst a code stays unused', async () => {
    const data = {
      med_list_codg: 'NMLC999',
      fixmedins_hilist_id: 'Y1',
      fixmedins_hilist_name: '药',
      fixmedins_bchno: 'B',
    }
    const one = await lost('3592B', { data })
    expect(one).toMatchObject({ state: 'accepted' })
    expect(one.said.output.result.drug_trac_codg).toMatch(/^XN/)
  })
})
