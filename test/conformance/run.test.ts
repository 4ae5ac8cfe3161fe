/** A conformance run notices what does not conform: whoever takes, refuses or forgets too much. */
import { describe, expect, it } from 'vitest'
import { type Check, scoreOf } from '../../src/conformance/check.ts'
import type { Place } from '../../src/conformance/place.ts'
import { runAll } from '../../src/conformance/run.ts'
import type { Heard, Target } from '../../src/conformance/target.ts'
import type { Instant } from '../../src/domain/day.ts'
import { shippedCatalogue } from '../../src/extension/catalogue.ts'
import { zipOf } from '../../src/text-zip.ts'

const catalogue = shippedCatalogue()

const place: Place = {
  institution: { code: 'H43090290001', name: '甲', area: '430902' },
  other: { code: 'H34010290001', name: '乙', area: '340102' },
  patients: [
    {
      psn_no: 'P1',
      credential: { mdtrt_cert_type: '01', mdtrt_cert_no: 'T1' },
      insutype: '310',
      insuredArea: '430900',
      disease: null,
    },
  ],
  lines: [{ item: 'Y0001', price: 10, count: 1, sum: 10 }],
  diagnosis: { code: 'I10.x00x002', name: '高血压' },
}

const said = (yes: boolean, text: string, output: unknown, bytes = text): Heard => ({
  yes,
  text,
  output,
  bytes,
  ms: 1,
})

const collected = async (name: string, lines: readonly string[]) =>
  Buffer.concat(await zipOf(name, lines).toArray())

/** A target that answers each message by a rule. */
function targetOf(answer: (transaction: string, input: unknown, turn: number) => Heard): Target {
  let turn = 0
  let written = 0
  return {
    write(_, transaction, input, id) {
      written += 1
      return { id: id ?? `M${written}`, body: JSON.stringify({ transaction, input }) }
    },
    async send({ body }) {
      turn += 1
      const { transaction, input } = JSON.parse(body)
      return answer(transaction, input, turn)
    },
    close: async () => {},
  }
}

const play = (target: Target, only: readonly string[]): Promise<Check[]> =>
  runAll({
    ...{ target, place, catalogue, at: 4, only: new Set(only) },
    isDescribed: (number) => number !== '2207',
    now: () => 1_790_000_000_000 as Instant,
    progress: () => {},
  })

const faults = (checks: readonly Check[]) => checks.filter(({ fault }) => fault !== null)

describe('runAll()', () => {
  it('fails every wrong input that is taken', async () => {
    const checks = await play(
      targetOf(() => said(true, '', {})),
      ['3505A'],
    )
    const bad = checks.filter(({ name }) => name.includes('refuses'))
    expect(bad.length).toBeGreaterThan(250)
    expect(bad.every(({ fault }) => fault?.startsWith('应拒绝而成功'))).toBe(true)
    // Its lane finds faults of its own.
    expect(faults(checks.filter(({ lane }) => lane.startsWith('3-')))).toHaveLength(bad.length)
  })

  it('fails every right input that is refused', async () => {
    const checks = await play(
      targetOf(() => said(false, '不行', null)),
      ['3505A'],
    )
    const good = checks.filter(({ name }) => name.includes('takes'))
    expect(good.map(({ name }) => name)).toEqual([
      '3505A takes what must be there',
      '3505A takes every field',
      '3505A takes three rows',
    ])
    expect(good.every(({ fault }) => fault === '不应拒绝：不行')).toBe(true)
  })

  it('fails a refusal that does not say which field it is about, and one that says nothing', async () => {
    const [mute, vague] = await Promise.all(
      ['', '报文有误'].map((text) =>
        play(
          targetOf(() => said(false, text, null)),
          ['9102'],
        ),
      ),
    )
    expect(faults(mute!).some(({ fault }) => fault === '拒绝而未说明原因')).toBe(true)
    expect(faults(vague!).some(({ fault }) => fault?.startsWith('未指明'))).toBe(true)
  })

  it('passes a refusal that names the field, in either language', async () => {
    const checks = await play(
      targetOf((_, input) =>
        said(false, `fsDownloadIn ${JSON.stringify(Object.keys(input as object))}`, null),
      ),
      ['9102'],
    )
    expect(checks.some(({ name, fault }) => name.includes('refuses fsDownloadIn:') && fault === null)).toBe(
      true,
    )
  })

  it('stops a lane where a step is refused that the next ones need, and goes on with the other lanes', async () => {
    const refusing = targetOf((transaction) =>
      transaction === '2201' ? said(false, '没开通', null) : said(true, '', {}),
    )
    const checks = await play(refusing, ['2201', '2203', '2401', '9001'])
    const lanes = checks.filter(({ lane }) => lane === 'outpatient')
    expect(lanes.map(({ name, fault }) => [name, fault])).toEqual([
      ['2201 opens the visit', '不应拒绝：没开通'],
    ])
    expect(checks.some(({ lane, fault }) => lane === 'inpatient' && fault === null)).toBe(true)
  })

  it('fails the same message that has another answer the second time', async () => {
    const forgetful = targetOf((_, __, turn) =>
      said(true, '', { data: { mdtrt_id: 'V1' } }, `answer ${turn}`),
    )
    const checks = await play(forgetful, ['2201'])
    const again = checks.filter(({ name }) => name.includes('again opens no second visit'))
    expect(again.length).toBeGreaterThan(0)
    expect(again.every(({ fault }) => fault?.startsWith('应答不同'))).toBe(true)
  })

  it('fails a settlement whose parts do not add up', async () => {
    const setlinfo = {
      setl_id: 'S1',
      medfee_sumamt: 10,
      fund_pay_sumamt: 6,
      psn_part_amt: 3,
      acct_pay: 3,
      psn_cash_pay: 0,
    }
    const result = [{ det_item_fee_sumamt: 10, inscp_scp_amt: 10 }]
    const wrong = targetOf(() => said(true, '', { data: { mdtrt_id: 'V1' }, result, setlinfo }, 'same'))
    const checks = await play(wrong, ['2207'])
    expect(faults(checks).map(({ name }) => name)).toContain('2207 fund and person add up to the total')
    const paid = { ...setlinfo, fund_pay_sumamt: 7 }
    const right = targetOf(() => said(true, '', { data: { mdtrt_id: 'V1' }, result, setlinfo: paid }, 'same'))
    const sums = (await play(right, ['2207'])).filter(({ name }) => /add up to|its total/.test(name))
    expect(sums.length).toBeGreaterThan(2)
    expect(faults(sums)).toEqual([])
  })
})

describe('scoreOf()', () => {
  const check = (transaction: string, fault: string | null): Check => ({
    ...{ lane: 'l', transaction, name: 'n', fault, ms: 1 },
  })

  it('fails a file that has other rows than its answer told, or that the import refuses', async () => {
    const cells = Array.from({ length: 24 }, () => 'null')
    const row = (code: string) => cells.with(10, code).with(11, '高血压').join('\t')
    const faultOf = async (rows: readonly string[]) => {
      const file = Buffer.from(await collected('1307.txt', rows))
      const answer = (transaction: string): Heard =>
        transaction === '9102'
          ? { ...said(true, '', null), file }
          : said(true, '', { file_qury_no: 'F1', filename: 'a', data_cnt: transaction === '1307' ? 2 : 0 })
      const checks = await play(targetOf(answer), ['1307'])
      return checks.find(({ name }) => name.includes('taken by the import'))?.fault
    }
    expect(await faultOf([row('I10.x00x002'), row('E11.900')])).toBeNull()
    expect(await faultOf([row('I10.x00x002')])).toContain('应有2行，读到1行')
    expect(await faultOf([row('I10.x00x002'), `${row('E11.900')}\t多`])).toContain('拒收1行')
  })

  it('counts a transaction as conforming only where none of its checks failed', () => {
    const checks = [check('1', null), check('1', 'x'), check('2', null), check('2', null)]
    expect(scoreOf(checks)).toEqual({ passed: 3, failed: 1, transactions: 1, lanes: 1 })
  })
})
