/** Every transaction of the catalogue is accepted, checked and routed by what it does; one is added as data alone. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDescribed } from '../../../adapters/000000-national/described/operations.ts'
import national from '../../../adapters/000000-national/index.ts'
import { standardDialect } from '../../../adapters/000000-national/standard.ts'
import { openCatalogue } from '../../../src/extension/catalogue.ts'
import type { Dialect } from '../../../src/extension/dialect.ts'
import { nextStep } from '../../../src/pipeline/recovery/plan.ts'
import {
  AREAS,
  answered,
  BY_HAND,
  catalogue,
  DESCRIBED,
  INSTITUTION,
  type Province,
  sample,
  take,
} from './support.ts'

const PROVINCES = Object.keys(AREAS) as Province[]
const NEW = { state: 'unknown', searches: 0, sightings: 0 } as const

describe('each of the 230 transactions', () => {
  it('has an operation: 30 are written by hand, the others are made of their rows', () => {
    expect([BY_HAND.length, DESCRIBED.length]).toEqual([30, 200])
    expect(Object.keys(national.operations).sort()).toEqual([...catalogue.heads.keys()].sort())
  })

  it('is called in the catalogue what its operation calls itself', () => {
    const others = [...catalogue.heads.values()].filter(({ number, name, kind }) => {
      const operation = national.operations[number]!
      return operation.name !== name || operation.kind !== kind
    })
    expect(others.map(({ number }) => number)).toEqual([])
  })

  it.each(DESCRIBED)(
    '%s is taken as its text has it, whole and with what must be there, in every place',
    (number) => {
      for (const province of PROVINCES) {
        for (const whole of [true, false]) {
          const input = sample(number, province, { whole, rows: whole ? 3 : 1 })
          const message = take(number, input, AREAS[province])
          expect(message.operation.transaction).toBe(number)
          expect(JSON.parse(national.encode(message).toString()).input).toEqual(input)
        }
      }
    },
  )
})

describe('what a transaction does', () => {
  const kindOf = (number: string) => national.operations[number]!.kind

  it('is a question only where it changes nothing: numbers, states, money and stock are changes', () => {
    const asking = DESCRIBED.filter((number) => ['query', 'trial', 'session'].includes(kindOf(number)))
    const names = asking.map((number) => national.operations[number]!.title)
    // What its Chinese name says it does: it asks, loads a table, tries, checks before anything is done, decodes.
    const strange = names.filter(
      (name) => !/查询|下载|获取|预结算|分析服务|对总账|对明细账|对账|提取|解析|解码/.test(name),
    )
    expect(strange).toEqual([])
  })

  it.each([
    ['2166', 'settlement', 'it orders what the person pays on the phone'],
    ['3592B', 'write', 'it gives a code that serves once'],
    ['2163', 'cancellation', 'it gives money back'],
    ['2181', 'reversal', 'it undoes a purchase that is not known'],
    ['2167', 'cancellation', 'it takes an order back'],
    ['6202', 'settlement', 'it pays'],
    ['6203', 'cancellation', 'it gives money back'],
    ['7204', 'write', 'a prescription is taken'],
    ['9101', 'write', 'a file is put there'],
  ])('%s is a %s: %s', (number, kind) => {
    expect(kindOf(number)).toBe(kind)
  })

  it('is sent again after a lost answer only where its row says so, and never where it moves money; what has a question is looked for', () => {
    const steps = DESCRIBED.filter((number) => !['query', 'trial', 'session'].includes(kindOf(number))).map(
      (number) => [number, nextStep(national.operations[number]!.evidence, NEW, false)] as const,
    )
    const again = steps.filter(([, step]) => step === 'resend').map(([number]) => number)
    expect(again.filter((number) => catalogue.heads.get(number)?.again !== true)).toEqual([])
    expect(again.filter((number) => kindOf(number) !== 'write')).toEqual([])
    // What a row has questions for is looked for first; everything else is a person's.
    expect(new Set(steps.map(([, step]) => step))).toEqual(new Set(['resend', 'operator', 'ask']))
  })
})

describe('what a message names', () => {
  it('is found in every node and spelling', () => {
    const input = {
      data: {
        psnNo: 'P1',
        mdtrtId: 'M1',
        chrgBchno: 'B1',
        feedetailList: [{ psnNo: 'P1' }, { psn_no: 'P2' }],
      },
    }
    const named = (national.operations['6201'] as never as { named(input: unknown): unknown }).named(input)
    expect(named).toEqual([
      { what: 'person', field: 'data.psnNo', value: 'P1' },
      { what: 'encounter', field: 'data.mdtrtId', value: 'M1' },
      { what: 'batch', field: 'data.chrgBchno', value: 'B1' },
      { what: 'person', field: 'data.feedetailList[1].psn_no', value: 'P2' },
    ])
  })

  it('stands directly in the input where there is no node', () => {
    const { named } = take('2163', sample('2163', '43'), AREAS['43'])
    expect(named).toEqual([
      { what: 'institution', field: 'fixmedins_code', value: INSTITUTION },
      { what: 'encounter', field: 'mdtrt_regno', value: 'mdtrt_regno' },
    ])
  })

  it('is no settlement that is undone, unless the message undoes', () => {
    const rows = sample('3505A', '43', { values: { mdtrt_setl_type: '1', setl_id: 'S1', mdtrt_id: 'M1' } })
    expect(take('3505A', rows, AREAS['43']).subject).not.toHaveProperty('settlement')
    const undoing = sample('2103', '', { values: { setl_id: 'S1', mdtrt_id: 'M1', psn_no: 'P1' } })
    expect(take('2103', undoing, AREAS['']).subject).toMatchObject({ settlement: 'S1', encounter: 'M1' })
  })

  it('may be another institution where the text asks for one', () => {
    const asked = { medinsinfo: { fixmedins_type: '1', fixmedins_code: 'H99999999999' } }
    expect(take('1201', asked, AREAS['']).named).toEqual([])
  })
})

describe('keys and values as clients write them', () => {
  it('are read without regard to case, and go on as the place spells them', () => {
    const input = sample('3505A', '43') as { selinfoDetail: Record<string, unknown>[] }
    const [row] = input.selinfoDetail
    const { sel_retn_cnt, ...rest } = row!
    const sent = { selinfoDetail: [{ ...rest, SEL_RETN_CNT: sel_retn_cnt, mdtrt_setl_type: 2 }] }
    const onward = JSON.parse(national.encode(take('3505A', sent, AREAS['43'])).toString()).input
      .selinfoDetail[0]
    expect(onward).toMatchObject({ sel_retn_cnt, MDTRT_SETL_TYPE: '2' })
    const inHubei = JSON.parse(national.encode(take('3505A', sent, AREAS['42'])).toString()).input
      .selinfoDetail[0]
    expect(inHubei).toMatchObject({ mdtrt_setl_type: '2' })
  })

  it.each<[string, unknown, unknown]>([
    ['a number as text', { purc_retn_cnt: '12.50' }, '12.50'],
    ['a number', { purc_retn_cnt: 12.5 }, 12.5],
    ['a code as number', { rx_flag: 1 }, '1'],
    ['null in an optional text', { dynt_no: null }, null],
    ['the word null in an optional text', { dynt_no: 'null' }, ''],
    ['zero in an optional text', { dynt_no: '0' }, '0'],
    ['a time as milliseconds', { purc_retn_stoin_time: 1773273642000 }, '2026-03-12 08:00:42'],
    ['a time without seconds', { purc_retn_stoin_time: '2026-03-12T08:00' }, '2026-03-12 08:00:00'],
  ])('%s is taken', (_, change, onward) => {
    const { purcinfo } = sample('3503', '43') as { purcinfo: Record<string, unknown> }
    const [[name]] = Object.entries(change as object) as [[string, unknown]]
    const read = take('3503', { purcinfo: { ...purcinfo, ...(change as object) } }, AREAS['43'])
    expect(JSON.parse(national.encode(read).toString()).input.purcinfo[name]).toEqual(onward)
  })

  it('input as JSON text, a node as JSON text, and the only code of a drug without a list', () => {
    const input = sample('3505A', '43') as { selinfoDetail: Record<string, unknown>[] }
    expect(() => take('3505A', JSON.stringify(input), AREAS['43'])).not.toThrow()
    expect(() =>
      take('3505A', { selinfoDetail: JSON.stringify(input.selinfoDetail) }, AREAS['43']),
    ).not.toThrow()
    const alone = { ...input.selinfoDetail[0], drugtracinfo: { drug_trac_codg: '8'.repeat(20) } }
    const read = take('3505A', { selinfoDetail: [alone] }, AREAS['43'])
    expect(JSON.parse(national.encode(read).toString()).input.selinfoDetail[0].drugtracinfo).toEqual({
      drug_trac_codg: '8'.repeat(20),
    })
  })

  it('what is settled by insurance needs its settlement; what is paid alone does not', () => {
    const { selinfoDetail } = sample('3505A', '43') as { selinfoDetail: Record<string, unknown>[] }
    const sold = (more: object) => () =>
      take('3505A', { selinfoDetail: [{ ...selinfoDetail[0], ...more }] }, AREAS['43'])
    expect(sold({ MDTRT_SETL_TYPE: '2' })).not.toThrow()
    expect(sold({ MDTRT_SETL_TYPE: '1' })).toThrow('selinfoDetail[0].setl_id 结算ID不能为空')
  })

  it('one of several keys of a query is enough, none is refused by the first', () => {
    const { data } = sample('3508', '43') as { data: Record<string, unknown> }
    const { medins_list_codg: _, fixmedins_bchno: __, ...none } = data
    expect(() => take('3508', { data: { ...none, fixmedins_bchno: 'B1' } }, AREAS['43'])).not.toThrow()
    expect(() => take('3508', { data: none }, AREAS['43'])).toThrow('data.medins_list_codg')
  })
})

describe('a transaction that is added as data', () => {
  let folder: string
  let dialect: Dialect

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
    cpSync(join(import.meta.dirname, '..', '..', '..', 'adapters', '000000-national', 'catalogue'), folder, {
      recursive: true,
    })
    const file = join(folder, 'transactions.json')
    const row = {
      number: '9876B',
      name: 'invented-loan',
      zh: '院间设备借用登记',
      en: 'Loan of a device',
      group: '9-invented',
      kind: 'write',
      path: '/fsi/api/inventedService/lend',
      results: [
        {
          rows: 'loanErr',
          field: 'ok',
          no: ['N'],
          text: 'why',
          of: 'loan',
          key: ['device'],
          listed: 'refused',
        },
      ],
      edition: 'invented',
      grade: 'A',
      sources: [],
    }
    writeFileSync(file, JSON.stringify([...JSON.parse(readFileSync(file, 'utf8')), row]))
    const loan = {
      at: 'loan',
      zh: '借用明细',
      many: true,
      must: true,
      fields: [
        { name: 'device', zh: '设备编号', width: 10, must: true },
        { name: 'until', zh: '归还日期', type: 'day', must: true },
      ],
    }
    writeFileSync(join(folder, 'fields', '9876B.json'), JSON.stringify({ input: [loan], output: [] }))
    const operations = withDescribed(openCatalogue(folder), [])
    dialect = standardDialect({ id: '990001-invented', title: '虚构', operations })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const lent = (device: string) => ({ device, until: '2026-05-01' })

  it('is taken, known by its address, and refused by the names of its fields', () => {
    expect(take('9876B', { loan: [lent('D1')] }, '620102', dialect).operation.kind).toBe('write')
    expect(dialect.accepts('/x/fsi/api/inventedService/lend')).toEqual({ transaction: '9876B' })
    const late = { loan: [lent('D1'), { device: 'D'.repeat(11), until: '2026-02-30' }] }
    expect(() => take('9876B', late, '620102', dialect)).toThrow(
      'loan[1].device 设备编号须为不超过10个字符的文本；loan[1].until 归还日期不是有效的日期',
    )
  })

  it('has a second level of result', () => {
    const message = take('9876B', { loan: [lent('D1'), lent('D2')] }, '620102', dialect)
    const reply = dialect.decode(message, answered({ loanErr: [{ device: 'D2', ok: 'N', why: '已借出' }] }))
    expect(reply).toMatchObject({ verdict: 'yes', refused: { sent: 2, rows: [{ row: 1, text: '已借出' }] } })
  })
})
