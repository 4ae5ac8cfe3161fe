/** A simulated province keeps stock and codes: one is sold once, a return gives it back, rows fall alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseArea } from '../../src/domain/area.ts'
import { filingFor } from '../../src/domain/filing.ts'
import type { BookPage } from '../../src/simulator/admin.ts'
import { peopleOf } from '../../src/simulator/people.ts'
import { type Platform, startPlatform } from '../../src/simulator/platform.ts'
import { ask, DAY, filedEmployee, folder, messageId, mustDo, outpatient, startNation } from './support.ts'

const room = folder()
let hunan: Platform
let nation: Awaited<ReturnType<typeof startNation>>

beforeAll(async () => {
  const engineDelay = { fromMs: 0, toMs: 0 }
  hunan = await startPlatform({ dataDir: ':memory:', engineDelay, platform: '430000' })
  nation = await startNation(room.path)
})
afterAll(async () => {
  await hunan.close()
  await nation.close()
  room.remove()
})

const HOSPITAL = 'H43090290001'
const AT = { institution: HOSPITAL, insured: '', treatment: '430902' }
const OTHER = { ...AT, institution: 'H43090290002' }
/** At a province that tells one result of the message. */
const ELSEWHERE = { institution: 'H62010000001', insured: '', treatment: '620100' }
let serial = 0
const code = () => `8${String(++serial).padStart(19, '0')}`

type Row = Record<string, unknown>
const boxes = (codes: readonly string[]) => codes.map((drug_trac_codg) => ({ drug_trac_codg }))
const row = (batch: string, more: Row = {}): Row => ({
  ...{
    med_list_codg: 'XA02AXX095A001010103358',
    fixmedins_hilist_id: 'Y0001',
    fixmedins_hilist_name: '药品',
  },
  ...{ fixmedins_bchno: batch, rx_flag: '1', trdn_flag: '0', ...more },
})
const counted = (batch: string, inv_cnt: number) => row(batch, { invdate: '2026-06-15', inv_cnt })
const changed = (batch: string, inv_chg_type: string, cnt: number) =>
  row(batch, { inv_chg_type, cnt, pric: 1, inv_chg_time: '2026-06-15 09:00:00' })
const bought = (batch: string, purc_retn_cnt: number, more: Row = {}) =>
  row(batch, { purc_retn_cnt, spler_name: '供应商', purc_retn_stoin_time: '2026-06-15 09:00:00', ...more })
const sold = (batch: string, codes: readonly string[], more: Row = {}) =>
  row(batch, {
    ...{ sel_retn_cnt: codes.length || 1, sel_retn_time: '2026-06-15 10:00:00', mdtrt_sn: 'MZ1' },
    ...{ mdtrt_setl_type: '2', hi_feesetl_type: '0', drugtracinfo: boxes(codes), ...more },
  })
const SOLD = '追溯码已销售'
const listed = (rows: readonly Row[]) => ({ selinfoDetail: rows })
const results = async (infno: string, rows: readonly Row[], at = AT) =>
  ((await mustDo(hunan, infno, listed(rows), at)).selinfoDetail as Row[]).map(({ retRslt, msgRslt }) => [
    retRslt,
    msgRslt,
  ])
const book = async (platform = hunan) => (await (await fetch(`${platform.url}/book`)).json()) as BookPage
const stock = async (batch: string) => (await book()).stock!.find((one) => one.batch === batch)?.stock
const standing = async (of: string, platform = hunan) =>
  (await book(platform)).sold!.filter((one) => one.code === of).length
const asked = (fixmedins_bchno: string, more: Row = {}) => ({
  data: { fixmedins_code: HOSPITAL, fixmedins_bchno, begndate: '2026-06-15', enddate: '2026-06-15', ...more },
})

describe('the stock of a batch', () => {
  it('is what was counted, and what was changed, bought, returned and sold since', async () => {
    await mustDo(hunan, '3501', { invinfo: counted('S1', 10) }, AT)
    await mustDo(hunan, '3502', { invinfo: changed('S1', '103', 2) }, AT)
    await mustDo(hunan, '3502', { invinfo: changed('S1', '104', 0.5) }, AT)
    await mustDo(hunan, '3503', { purcinfo: bought('S1', 5) }, AT)
    await mustDo(hunan, '3504', { purcinfo: bought('S1', 1) }, AT)
    await mustDo(hunan, '3505', { selinfo: sold('S1', [code(), code()]) }, AT)
    expect(await stock('S1')).toBe(135_000)
    await mustDo(hunan, '3501', { invinfo: counted('S1', 13) }, AT)
    expect(await stock('S1')).toBe(130_000)
  })

  it.each([
    ['an unknown change', '3502', () => ({ invinfo: changed('S2', '199', 1) }), /inv_chg_type/],
    ['a return of what was not bought', '3504', () => ({ purcinfo: bought('S2', 1) }), /超过采购数量/],
    ['nothing sold', '3505', () => ({ selinfo: sold('S2', [code()], { sel_retn_cnt: 0 }) }), /应大于0/],
    [
      'a time that is none',
      '3505',
      () => ({ selinfo: sold('S2', [code()], { sel_retn_time: '昨天' }) }),
      /时间/,
    ],
    ['no batch', '3501', () => ({ invinfo: counted('', 1) }), /fixmedins_bchno不能为空/],
    ['no node', '3501', () => ({}), /invinfo不能为空/],
    [
      'nothing to delete',
      '3507',
      () => ({ data: { fixmedins_bchno: 'S2', inv_data_type: '4' } }),
      /未查询到/,
    ],
  ] as const)('%s is refused, and nothing of it is booked', async (_, infno, input, text) => {
    const { infcode, err_msg } = await ask(hunan, infno, input(), AT)
    expect([infcode, err_msg]).toEqual([-1, expect.stringMatching(text)])
    expect(await stock('S2')).toBeUndefined()
  })

  it('is told once by the same message', async () => {
    const id = messageId()
    for (const _ of [1, 2]) await mustDo(hunan, '3503', { purcinfo: bought('S3', 5) }, { ...AT, id })
    expect(await stock('S3')).toBe(50_000)
  })
})

describe('a code on a box', () => {
  it('is sold once, whoever sells it: rows of a list fall alone', async () => {
    const [one, two, three] = [code(), code(), code()]
    expect(await results('3505A', [sold('C1', [one])])).toEqual([['1', '']])
    expect(
      await results('3505A', [sold('C1', [two]), sold('C1', [one]), sold('C1', [three, three])]),
    ).toEqual([
      ['1', ''],
      ['0', '追溯码已销售'],
      ['0', '同一行内追溯码重复'],
    ])
    expect(await results('3505A', [sold('C2', [two])], OTHER)).toEqual([['0', '追溯码已销售']])
    expect([await standing(one), await standing(two), await standing(three)]).toEqual([1, 1, 0])
    expect(await stock('C1')).toBe(-20_000)
  })

  it('twice in one list is sold by the first row', async () => {
    const one = code()
    expect(await results('3505A', [sold('C3', [one]), sold('C3', [one])])).toEqual([
      ['1', ''],
      ['0', SOLD],
    ])
  })

  it('of an opened package is on every part, but on no whole one beside them', async () => {
    const one = code()
    const part = sold('C4', [one], { trdn_flag: '1' })
    expect(await results('3505A', [part, part, sold('C4', [one])])).toEqual([
      ['1', ''],
      ['1', ''],
      ['0', SOLD],
    ])
  })

  it.each([
    ['a single object', { drugtracinfo: { drug_trac_codg: 'OWN1' } }],
    ['the key of Inner Mongolia', { drugtracinfo: [{ drug_trac_code: 'OWN1' }] }],
    ['the plain field of 2021', { drugtracinfo: [], drug_trac_codg: 'OWN1' }],
  ])('is read from %s', async (_, how) => {
    await hunanIsFreeOf('OWN1')
    await mustDo(
      hunan,
      '3505',
      { selinfo: sold('C5', [], { ...how, sel_retn_time: '2026-06-1510:00:00' }) },
      AT,
    )
    expect(await standing('OWN1')).toBe(1)
  })
  const hunanIsFreeOf = async (one: string) => {
    if ((await standing(one)) > 0) await mustDo(hunan, '3506', { selinfo: sold('C5', [one]) }, AT)
  }

  it('sold already refuses the message where one result is told of it', async () => {
    const one = code()
    const { gansu } = nation
    expect(await mustDo(gansu, '3505', { selinfo: sold('C6', [one]) }, ELSEWHERE)).toEqual({
      result: { retRslt: '1', msgRslt: '' },
    })
    const again = await mustDo(gansu, '3505', { selinfo: sold('C6', [one]) }, ELSEWHERE)
    expect(again).toEqual({ result: { retRslt: '0', msgRslt: '追溯码已销售' } })
    expect(await standing(one, gansu)).toBe(1)
  })
})

describe('a return', () => {
  it('gives the code back, once, and it may be sold again', async () => {
    const one = code()
    const of = () => sold('R1', [one])
    await mustDo(hunan, '3505', { selinfo: of() }, AT)
    expect(await mustDo(hunan, '3506A', listed([of(), of()]), AT)).toMatchObject({
      selinfoErrDetail: [{ retRslt: '0', msgRslt: '退货数量超过销售数量', fixmedins_bchno: 'R1' }],
    })
    expect([await standing(one), await stock('R1')]).toEqual([0, 0])
    expect(await results('3505A', [of()])).toEqual([['1', '']])
  })

  it.each([
    ['of another institution', {}, OTHER],
    ['of another visit', { mdtrt_sn: 'MZ2' }, AT],
    ['of another code', { drugtracinfo: boxes(['9'.repeat(20)]) }, AT],
    ['of more than was sold', { sel_retn_cnt: 2 }, AT],
  ])('%s is refused', async (_, more, at) => {
    const one = code()
    await mustDo(hunan, '3505', { selinfo: sold(one, [one]) }, AT)
    const { infcode } = await ask(hunan, '3506', { selinfo: sold(one, [one], more) }, at)
    expect([infcode, await standing(one)]).toEqual([-1, 1])
  })

  it('of a batch by its deletion gives all its codes back, those of others stay', async () => {
    const [one, two] = [code(), code()]
    await mustDo(hunan, '3505A', listed([sold('R3', [one]), sold('R4', [two])]), AT)
    const goodDetail = ['R3', 'R0'].map((fixmedins_bchno) => ({ fixmedins_bchno, inv_data_type: '4' }))
    const { goodErrDetail } = await mustDo(hunan, '3507A', { goodDetail }, AT)
    expect(goodErrDetail).toMatchObject([{ fixmedins_bchno: 'R0', retRslt: '0' }])
    expect([await standing(one), await standing(two)]).toEqual([0, 1])
    expect(await mustDo(hunan, '3511', asked('R3'), AT)).toEqual([])
  })
})

describe('the visit of a sale', () => {
  it.each([
    ['insured without a settlement', { mdtrt_setl_type: '1', hi_feesetl_type: '2' }, /结算ID不能为空/],
    ['insured of no kind of place', { mdtrt_setl_type: '1', hi_feesetl_type: '0', setl_id: 'S' }, /不能为0/],
    [
      'insured at home, of a settlement that is not there',
      { mdtrt_setl_type: '1', hi_feesetl_type: '1', setl_id: 'S' },
      /不是该笔医保结算/,
    ],
    ['self-paid with a settlement', { setl_id: 'S' }, /自费销售/],
    ['self-paid, insured elsewhere', { hi_feesetl_type: '2' }, /自费销售/],
    ['none', { mdtrt_sn: '' }, /mdtrt_sn不能为空/],
  ])('%s is refused', async (_, more, text) => {
    expect((await results('3505A', [sold('V1', [code()], more)]))[0]).toEqual([
      '0',
      expect.stringMatching(text),
    ])
  })

  it('insured from elsewhere is not looked for here; upper case is read as lower', async () => {
    const more = { mdtrt_setl_type: undefined, MDTRT_SETL_TYPE: '1', hi_feesetl_type: '2', setl_id: 'S' }
    expect(await results('3505A', [sold('V2', [code()], more)])).toEqual([['1', '']])
  })
})

describe('the queries', () => {
  it('show in camel case what was told of a batch in these days, and nobody else’s', async () => {
    const one = code()
    await mustDo(hunan, '3501', { invinfo: counted('Q1', 7) }, AT)
    await mustDo(hunan, '3502', { invinfo: changed('Q1', '106', 1) }, AT)
    await mustDo(hunan, '3503', { purcinfo: bought('Q1', 3, { drugtracinfo: boxes([one]) }) }, AT)
    await mustDo(hunan, '3504', { purcinfo: bought('Q1', 1) }, AT)
    await mustDo(hunan, '3505', { selinfo: sold('Q1', [one]) }, AT)
    const shows = (infno: string, more: Row = {}) => mustDo(hunan, infno, asked('Q1', more), AT)
    expect(await shows('3508')).toMatchObject([{ invCnt: 7, medinsListCodg: 'Y0001', invdate: '2026-06-15' }])
    expect(await shows('3509')).toMatchObject([{ invChgType: '106', cnt: 1 }])
    expect(await shows('3510')).toMatchObject([{ prodRetnFlag: '0', purcRetnCnt: 3 }, { prodRetnFlag: '1' }])
    expect(await shows('3511')).toMatchObject([{ selRetnCnt: 1, fixmedinsCode: HOSPITAL }])
    expect(await shows('3512')).toMatchObject([{ drugTracCodg: one }])
    expect(await shows('3513', { drug_trac_codg: one })).toMatchObject([
      { drugTracCodg: one, mdtrtId: 'MZ1' },
    ])
    expect(await shows('3511', { begndate: '2026-06-16', enddate: '2026-06-17' })).toEqual([])
    await mustDo(hunan, '3506', { selinfo: sold('Q1', [one]) }, AT)
    expect(await shows('3511')).toMatchObject([{ selRetnCnt: 1 }, { selRetnCnt: -1 }])
    expect(await shows('3513')).toEqual([])
    expect((await ask(hunan, '3511', asked('Q1'), OTHER)).err_msg).toContain('只能查询本机构')
    expect((await ask(hunan, '3511', asked(''), AT)).err_msg).toContain('不能同时为空')
  })
})

describe('a virtual code', () => {
  const given = async () => {
    const { result } = await mustDo(hunan, '3592B', { data: row('W1') }, AT)
    return result.drug_trac_codg as string
  }

  it('is another one each time, and is for one sale of its item, also after its return', async () => {
    const [one, two] = [await given(), await given()]
    expect(one).not.toBe(two)
    const of = sold('W1', [one])
    expect(await results('3505A', [of, of])).toEqual([
      ['1', ''],
      ['0', '虚拟追溯码只能使用一次'],
    ])
    await mustDo(hunan, '3506', { selinfo: of }, AT)
    expect((await results('3505A', [of]))[0]![0]).toBe('0')
    expect(await results('3505A', [sold('W1', [two])], OTHER)).toEqual([
      ['0', '虚拟追溯码不是为该商品申领的'],
    ])
  })
})

describe('codes that come with a settlement', () => {
  const buyer = () => filedEmployee()
  const purchase = (codes: readonly string[], node = 'drug_trac_info', who = buyer()) => ({
    druginfo: {
      ...{ psn_no: who.number, mdtrt_cert_type: '02', mdtrt_cert_no: who.document, med_type: '41' },
      ...{ begntime: '2026-06-15 09:00:00', medfee_sumamt: 10, acct_used_flag: '1' },
      insutype: who.insurance[0]!.insutype,
    },
    drugdetail: [
      {
        ...{ feedetl_sn: 'F1', rx_circ_flag: '0', fee_ocur_time: '2026-06-15 09:00:00', cnt: 1, pric: 10 },
        ...{ med_list_codg: 'XA02AXX095A001010103358', medins_list_codg: 'Y0001', det_item_fee_sumamt: 10 },
        [node]: codes.map((one) => ({ drug_trac_codg: one, trdn_flag: '0' })),
      },
    ],
  })
  const PHARMACY = { institution: 'P44010000001' }

  it('refuse a purchase with a code that was sold, give it back by 2103 and 2601, and take it again', async () => {
    const [one, { gansu, national }] = [code(), nation]
    const { setlinfo } = await mustDo(national, '2102', purchase([one]), PHARMACY)
    expect((await ask(national, '2102', purchase([one]), PHARMACY)).err_msg).toMatch(
      /^E504 明细F1的追溯码已销售/,
    )
    expect((await ask(national, '2102', purchase(['Z1', 'Z1']), PHARMACY)).err_msg).toMatch(/重复/)
    const { setl_id, mdtrt_id } = setlinfo
    const id = messageId()
    const data = { setl_id, mdtrt_id, psn_no: buyer().number }
    await mustDo(national, '2103', { data }, { id, ...PHARMACY })
    expect(await standing(one, gansu)).toBe(0)
    await mustDo(national, '2601', { data: { psn_no: buyer().number, omsgid: id, oinfno: '2103' } }, PHARMACY)
    expect(await standing(one, gansu)).toBe(1)
    await mustDo(national, '2103', { data }, PHARMACY)
    const second = messageId()
    await mustDo(national, '2102', purchase([one]), { id: second, ...PHARMACY })
    await mustDo(
      national,
      '2601',
      { data: { psn_no: buyer().number, omsgid: second, oinfno: '2102' } },
      PHARMACY,
    )
    expect(await standing(one, gansu)).toBe(0)
  })

  it('are one sale with the sale that is told of the same visit', async () => {
    const [one, { gansu, national }] = [code(), nation]
    const { setlinfo } = await mustDo(national, '2102', purchase([one]), PHARMACY)
    const { setl_id, mdtrt_id } = setlinfo
    const of = (mdtrt_sn: string) =>
      sold('A1', [one], { mdtrt_sn, setl_id, mdtrt_setl_type: '1', hi_feesetl_type: '2' })
    const tell = (mdtrt_sn: string) =>
      mustDo(gansu, '3505', { selinfo: of(mdtrt_sn) }, { ...ELSEWHERE, ...PHARMACY })
    expect((await tell('MZ9')).result.retRslt).toBe('0')
    expect((await tell(mdtrt_id)).result.retRslt).toBe('1')
  })

  it.each(['drug_trac_info', 'durg_trac_info'])(
    'in Hunan do not block a purchase, and are noted as sold twice (%s)',
    async (node) => {
      const [one, { gansu, national }] = [code(), nation]
      const hunanese = peopleOf('620000').find(
        ({ filings, insurance: [own] }) =>
          own!.status === '1' && filingFor(filings, parseArea('430903'), DAY).valid,
      )!
      const bill = purchase([one], node, hunanese)
      const at = { institution: 'P43090390001', treatment: '430903', insured: hunanese.insurance[0]!.area }
      for (const _ of [1, 2]) await mustDo(national, '2102', bill, at)
      expect((await book(gansu)).sold!.filter((row) => row.code === one).map(({ twice }) => twice)).toEqual([
        0, 1,
      ])
    },
  )

  it('come with 2207 in Hubei alone, whole, or refuse the settlement', async () => {
    const [one, { gansu, national }] = [code(), nation]
    const trace = { feedetl_sn: 'F2', drug_trac_codg: one, trdn_flag: '0', min_prcunt_type: '1' }
    const HUBEI = { treatment: '420100' }
    const settle = async (rows: readonly Row[], at = {}) => {
      const { request } = await outpatient(national, buyer())
      return ask(national, '2207', { ...request, drug_trac_info: rows }, at)
    }
    expect((await settle([trace])).infcode).toBe(0)
    expect(await standing(one, gansu)).toBe(0)
    const { min_prcunt_type: _, ...partly } = trace
    expect((await settle([partly], HUBEI)).err_msg).toMatch(/min_prcunt_type不能为空/)
    const second = { ...trace, drug_trac_codg: code() }
    expect((await settle([trace, second], HUBEI)).infcode).toBe(0)
    expect(await standing(one, gansu)).toBe(1)
    expect((await settle([trace], HUBEI)).err_msg).toMatch(/追溯码已销售/)
  })
})
