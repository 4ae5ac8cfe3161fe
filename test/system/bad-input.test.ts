/** Bad input: every request gets an answer in its own dialect, nothing is forwarded, the journal says so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import {
  about,
  diagnosis,
  filedPerson,
  line,
  messageId,
  openVisit,
  type System,
  startSystem,
  timeNow,
  type Visit,
  yes,
} from './support.ts'

let system: System
let visit: Visit
const person = filedPerson()

beforeAll(async () => {
  system = await startSystem()
  visit = await openVisit(system)
})
afterAll(async () => {
  await system.stop()
})

/** Everything the platforms have booked and registered, and how many rejections the journal holds. */
async function traces() {
  const pages = await Promise.all(
    [system.national, system.insured, system.treating].map(async ({ url }) =>
      (await fetch(`${url}/book`)).json(),
    ),
  )
  const database = openDatabaseForReading(databaseFile(system.dataDir))
  const rejected = database.$client
    .prepare("select count(*) as n from outcome where state = 'rejected'")
    .get() as { n: number }
  database.$client.close()
  return { books: JSON.stringify(pages), rejected: rejected.n }
}

/** Refused with a sentence, nothing forwarded, one more rejection in the journal. */
async function expectRejected(
  act: () => Promise<{ json: { infcode: number; err_msg: string; output: unknown } }>,
  says: RegExp,
) {
  const before = await traces()
  const { json } = await act()
  expect(json.infcode).toBe(-1)
  expect(json.output).toBeNull()
  expect(json.err_msg).toMatch(says)
  expect(json.err_msg).not.toMatch(/\d{17}[\dX]/)
  expect(json.err_msg).not.toMatch(/Error|\.ts|at Object/)
  await expect.poll(async () => (await traces()).rejected).toBe(before.rejected + 1)
  expect((await traces()).books).toBe(before.books)
}

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
  path = '/hss-call-service-interface',
) {
  const answer = await fetch(system.url() + path, { method: 'POST', headers, body })
  return { json: JSON.parse(await answer.text()) }
}

describe('the national door', () => {
  const settle = (data: Record<string, unknown>, more = {}) =>
    system.send('2207', { data: { ...visit.settlement.data, ...data } }, undefined, {
      ...about(person),
      ...more,
    })
  const lines = (...rows: Record<string, unknown>[]) =>
    system.send(
      '2204',
      { feedetail: rows.map((row, index) => line(`G${index}`, visit.encounter, person, row)) },
      undefined,
      about(person),
    )

  const cases: [string, () => Promise<{ json: never }>, RegExp][] = [
    ['unreadable JSON', () => post('{"infno":'), /JSON/],
    ['bytes that are not UTF-8', () => post(Buffer.from('7b22b2e2227d', 'hex')), /UTF-8/],
    [
      'a form that is none of JSON',
      () => post('infno=2207', { 'content-type': 'application/x-www-form-urlencoded' }),
      /JSON/,
    ],
    ['an empty text', () => post('{}', { 'content-type': 'text/plain' }), /infno 交易编号不能为空/],
    ['a body of 2 MB', () => post('a'.repeat(2_000_000)), /超过1024KB/],
    ['an unknown transaction', () => system.send('7777', {}), /交易编号/],
    [
      'a transaction that the address contradicts',
      () => post(JSON.stringify(envelope('1101')), undefined, '/ebus/x/poc-hsa-hgs-2207'),
      /不一致/,
    ],
    ['a missing header field', () => settle({}, { opter: undefined }), /opter 经办人不能为空/],
    [
      'an overlong header field',
      () => settle({}, { opter_name: '甲'.repeat(51) }),
      /opter_name 经办人姓名须为不超过50个字符/,
    ],
    ['a missing field', () => settle({ psn_no: undefined }), /data\.psn_no 人员编号不能为空/],
    ['an overlong field', () => settle({ invono: '9'.repeat(300) }), /data\.invono/],
    ['a wrong type', () => settle({ medfee_sumamt: true }), /data\.medfee_sumamt/],
    ['an amount with three decimals', () => settle({ medfee_sumamt: 90.001 }), /medfee_sumamt/],
    ['sums that do not add up', () => settle({ medfee_sumamt: 91 }), /^E503 .*medfee_sumamt/],
    [
      'a line whose amount is not price × quantity',
      () => lines({ det_item_fee_sumamt: 61 }),
      /^E503 \[bad-amounts\] 共1处金额不符或流水号有误。G0 det_item_fee_sumamt/,
    ],
    [
      'a negative line without an original',
      () => lines({ cnt: -2, det_item_fee_sumamt: -60 }),
      /^E503 .*init_feedetl_sn/,
    ],
    [
      'a line number twice',
      () => lines({}, { feedetl_sn: 'G0' }),
      /^E503 \[bad-amounts\] 共1处金额不符或流水号有误。.*重复/,
    ],
    [
      'an identity number with a wrong check character',
      () => settle({ mdtrt_cert_no: '990062197711250024' }),
      /mdtrt_cert_no不是有效的居民身份证/,
    ],
    ['a date that is none', () => lines({ fee_ocur_time: '2026-02-30 10:00:00' }), /fee_ocur_time/],
    [
      'a time that is none',
      () => lines({}, { fee_ocur_time: '2026-11-30 25:61:61' }),
      /feedetail\[1\]\.fee_ocur_time 费用发生时间不是有效的时间/,
    ],
    ['a time of the year 2099', () => settle({}, { inf_time: '2099-01-01 08:00:00' }), /inf_time 交易时间/],
    [
      'an encounter of another institution with a blank behind it',
      () =>
        settle(
          { mdtrt_id: `${visit.encounter}\u3000` },
          { fixmedins_code: 'H34010490001', mdtrtarea_admvs: '340104' },
        ),
      /不是本机构登记/,
    ],
    [
      'an encounter of another institution under a name in capitals',
      () =>
        settle(
          { mdtrt_id: undefined, MDTRT_ID: visit.encounter },
          { fixmedins_code: 'H34010490001', mdtrtarea_admvs: '340104' },
        ),
      /不是本机构登记/,
    ],
    [
      'an encounter that is named twice',
      () => settle({ mdtrtId: 'ANOTHER' }),
      /data\.mdtrt_id 以不同写法出现两次/,
    ],
    ['an unknown insured area', () => settle({}, { insuplc_admdvs: '629925' }), /insuplc_admdvs 629925/],
    [
      'an unknown place of treatment',
      () => settle({}, { mdtrtarea_admvs: '349999' }),
      /mdtrtarea_admvs|所在地不符/,
    ],
    [
      'an institution that is not registered',
      () => settle({}, { fixmedins_code: 'H34010299999' }),
      /^E301 .*未登记/,
    ],
    [
      'a suspended institution',
      () => settle({}, { fixmedins_code: 'H62102590002', mdtrtarea_admvs: '621025' }),
      /^E302 .*暂停/,
    ],
    ['an institution of another city', () => settle({}, { fixmedins_code: 'H62010290002' }), /所在地不符/],
    [
      'an encounter of another institution',
      () => settle({}, { fixmedins_code: 'H34010490001', mdtrtarea_admvs: '340104' }),
      /不是本机构登记/,
    ],
  ] as never

  it.each(cases)('answers %s', async (_name, act, says) => {
    await expectRejected(act as never, says)
  })

  it('refuses a bill with bad codes once, with every bad line, its reason and the nearest candidates', async () => {
    const bad = [
      { medins_list_codg: 'Y9999' },
      {},
      { med_list_codg: 'XA02BCA902A00101019900Z', medins_list_codg: 'Y0001' },
      { medins_list_codg: 'Z9998' },
    ]
    await expectRejected(() => lines(...bad), /^E501 .*共3处.*G0 .*Y9999.*G2 .*相近.*G3 .*Z9998/)
  })

  it('refuses a diagnosis that is not in the table, and a grey one', async () => {
    const visitOf = { mdtrt_id: visit.encounter, psn_no: person.number, med_type: '11', begntime: timeNow() }
    const send = (code: string) =>
      system.send(
        '2203',
        { mdtrtinfo: visitOf, diseinfo: [diagnosis(code, '高血压')] },
        undefined,
        about(person),
      )
    await expectRejected(() => send('I10.x99'), /^E502 .*diseinfo\[0\] diag_code.*相近/)
    await expectRejected(() => send('I10.x00'), /^E502 .*灰码/)
  })

  it('answers a rejected message that comes again with the same bytes', async () => {
    const id = messageId()
    const send = () =>
      system.send('2207', { data: { ...visit.settlement.data, medfee_sumamt: 91 } }, id, about(person))
    const once = await send()
    expect((await send()).text).toBe(once.text)
  })

  it('still settles the visit after all of that', async () => {
    yes(await system.send('2207', visit.settlement, undefined, about(person)))
  })
})

describe('a person without a valid filing', () => {
  it('is refused by the insured place with the reason, and nothing is settled', async () => {
    const away = { mdtrtarea_admvs: '640302', fixmedins_code: 'H64030290001' }
    const data = { psn_no: person.number, mdtrt_cert_type: '02', mdtrt_cert_no: person.document }
    const mdtrtinfo = {
      ...data,
      insutype: '310',
      begntime: timeNow(),
      med_type: '21',
      ipt_no: 'ZY1',
      atddr_no: 'D640302000001',
      chfpdr_name: '医师乙',
      adm_diag_dscr: '肺炎',
      adm_dept_codg: '02',
      adm_dept_name: '内科',
      adm_bed: '1',
      dscg_maindiag_code: 'J18.900',
      dscg_maindiag_name: '肺炎',
    }
    const diseinfo = [{ ...diagnosis('J18.900', '肺炎'), maindiag_flag: '1', psn_no: person.number }]
    const said = await system.send('2401', { mdtrtinfo, diseinfo }, undefined, { ...about(person), ...away })
    expect(said.json.err_msg).toMatch(/^E10[123] /)
  })
})

describe('what is kept and said', () => {
  it('holds no identity number in the log, and none in clear in the journal file', async () => {
    const { readFileSync } = await import('node:fs')
    expect(system.log()).not.toMatch(/\d{17}[\dX]/)
    for (const suffix of ['', '-wal']) {
      const bytes = readFileSync(databaseFile(system.dataDir) + suffix).toString('latin1')
      expect(bytes.includes(person.document)).toBe(false)
      expect(bytes.includes(person.number)).toBe(false)
    }
  })
})

function envelope(infno: string): Record<string, unknown> {
  return {
    infno,
    msgid: messageId(),
    mdtrtarea_admvs: '340102',
    recer_sys_code: 'MBS_LOCAL',
    infver: 'V1.0',
    opter_type: '1',
    opter: '1',
    opter_name: '甲',
    inf_time: timeNow(),
    fixmedins_code: 'H34010290001',
    fixmedins_name: '示例',
    input: {},
  }
}
