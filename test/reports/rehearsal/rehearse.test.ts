/** A rehearsal tells what a coming edition changes for the codes that were sent, with the money that hangs on it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createCodes } from '../../../src/codes/codes.ts'
import type { CodeFault } from '../../../src/codes/evidence.ts'
import type { ClaimCode } from '../../../src/domain/claim.ts'
import { parseDay } from '../../../src/domain/day.ts'
import { asFen } from '../../../src/domain/money.ts'
import type { CodeMap } from '../../../src/extension/codebook.ts'
import type { Dialect } from '../../../src/extension/dialect.ts'
import { type RehearsedChange, rehearse } from '../../../src/reports/rehearsal/rehearse.ts'
import { rehearsalCsv, rehearsalText } from '../../../src/reports/rehearsal/text.ts'
import { type CodeUse, readUses } from '../../../src/reports/rehearsal/uses.ts'
import { type Database, openDatabase } from '../../../src/store/database.ts'
import { illness, illnessMap, on, treatment, treatmentMap } from '../../codes/fixture.ts'
import { message, settlement } from '../mapping-quality/support.ts'

const EFFECTIVE = on('2025-10-01')
const diagnosis = { ...illness, id: 'diagnosis' }
const map: CodeMap = { ...illnessMap, standard: 'diagnosis' }

const withEdition = (rows: CodeMap['editions'][number]['rows']): CodeMap => ({
  ...map,
  editions: [map.editions[0]!, { ...map.editions[0]!, version: 'coming', from: EFFECTIVE, rows }],
})
const [first, ...others] = map.editions[0]!.rows
const current = createCodes({ codebooks: [treatment, diagnosis], maps: [map, treatmentMap] })
const coming = createCodes({
  codebooks: [treatment, diagnosis],
  maps: [
    withEdition([
      { ...first!, targets: ['A01.009'] },
      ...others.filter(({ code }) => code !== 'L3' && code !== 'L7'),
      { code: 'L7', name: '新病', targets: ['D01.000'], relation: 'equivalent' },
      { code: 'L9', name: '新对', targets: ['B02.000'], relation: 'equivalent' },
    ]),
    treatmentMap,
  ],
})

const use = (code: string, fen = 100, changes: Partial<CodeUse> = {}): CodeUse => ({
  ...{ exchange: 1, standard: 'diagnosis', day: on('2025-06-01'), fen, place: code },
  given: { system: 'H', code },
  ...changes,
})
const run = (...uses: CodeUse[]) => rehearse(uses, { current, coming }, EFFECTIVE)
const told = ({ effect, code, before, after }: RehearsedChange) => [effect, code, before, after]

describe('rehearse()', () => {
  it('tells translated otherwise, no longer translated, newly refused, usable from then on', () => {
    const { differences, judged } = run(use('L1'), use('L3'), use('L7'), use('L9'), use('L5'), use('X'))
    expect(judged).toBe(6)
    expect(differences.map(told)).toEqual([
      ['otherwise', 'L1', 'A01.000', 'A01.009'],
      ['untranslated', 'L3', 'A01.000+B02.000', null],
      ['refused', 'L7', 'A01.x00', null],
      ['accepted', 'L9', null, 'B02.000'],
    ])
    expect(differences[2]?.reason).toBe('grey')
  })

  it('sums money by place, once, and most money comes first', () => {
    const again = { exchange: 2, place: 'L1' }
    const { differences, sums } = run(
      use('L1', 100),
      use('L1', 100, again),
      use('L1', 30, { place: 'b' }),
      use('L3', 500),
    )
    expect(differences.map(({ code, uses, messages, fen }) => [code, uses, messages, fen])).toEqual([
      ['L3', 1, 1, 500],
      ['L1', 3, 2, 130],
    ])
    expect(sums.otherwise).toEqual({ codes: 1, uses: 3, fen: 130 })
    expect(sums.accepted).toEqual({ codes: 0, uses: 0, fen: 0 })
  })

  it('judges for the day on which the edition takes effect, later messages for their own', () => {
    expect(run(use('L1', 1, { day: on('2020-01-01') })).differences).toHaveLength(1)
    // From 2026 on, the map of today says otherwise by itself; the coming one has no edition of its own then.
    const [late] = run(use('L1', 1, { day: on('2026-01-01') })).differences
    expect(late && told(late)).toEqual(['otherwise', 'L1', 'A01.x00', 'A01.009'])
  })

  it('finds nothing where nothing differs', () => {
    const none = rehearse([use('L1'), use('X')], { current, coming: current }, EFFECTIVE)
    expect(none.differences).toEqual([])
    expect(rehearsalText('预演', none)).toContain('没有变化')
  })

  it('is told in words and as CSV', () => {
    const found = run(use('L1', 100))
    expect(rehearsalText('预演', found)).toMatch(/改对为其他编码.*1.*1\.00/)
    expect(rehearsalCsv(found.differences)).toContain(
      '改对为其他编码,diagnosis,H,L1,伤寒,A01.000,A01.009,,1,1,1.00',
    )
  })
})

describe('readUses()', () => {
  let database: Database
  const messages = new Map<number, readonly ClaimCode[]>()
  /** Rows of maps beside a message. */
  const maps = new Map<number, string>()
  beforeEach(() => {
    database = openDatabase(':memory:')
    messages.clear()
    maps.clear()
  })
  const dialect = {
    open: (body: Buffer) => ({ raw: body.toString() }),
    read: ({ raw }: { raw: string }) => ({ codes: messages.get(Number(raw)) }),
  } as unknown as Dialect
  const day = parseDay('2025-06-01')
  const ask = (claims = 10) =>
    readUses(
      {
        database,
        dialect,
        read: (id) =>
          messages.has(id)
            ? { sealed: Buffer.from(String(id)), dialect: null, mapped: maps.get(id) ?? null }
            : null,
      },
      claims,
      () => {},
    )
  const line = (at: string, code: string, amount: number): ClaimCode => ({
    ...({ standard: 'item', refuses: 'E501', field: 'med_list_codg' } as const),
    ...{ at, day, given: { system: 'national', code }, amount: asFen(amount) },
  })

  it('gives codes as they came: the local one beside the message, the national one of it', () => {
    const mapped = [['Z1', '001102000010000-1102', 'H@1', '', 'F1']]
    const id = message(database, day, { lines: 2 })
    maps.set(id, JSON.stringify(mapped))
    messages.set(id, [line('F1', '001102000010000-1102', 100), line('F2', '001102000020000', 50)])
    expect(ask()).toMatchObject({
      messages: 1,
      unread: 0,
      uses: [
        { standard: 'item', given: { system: 'H', code: 'Z1' }, fen: 100, place: 'E1 F1' },
        { standard: 'item', given: { system: 'national', code: '001102000020000' }, fen: 50 },
      ],
    })
  })

  it('leaves out diagnoses that the gateway added, and takes the money of the visit', () => {
    const mapped = [['L3', 'A01.000', 'H@2025', '', 'diseinfo[0]']]
    const id = message(database, day, { diagnoses: 1 })
    maps.set(id, JSON.stringify(mapped))
    settlement(database, day, 'E1', 700)
    const row = (index: number, code: string): ClaimCode => ({
      ...({ standard: 'diagnosis', refuses: 'E502', several: 'rows' } as const),
      ...{ at: `diseinfo[${index}]`, field: 'diag_code', day },
      given: { system: 'national', code, name: '名' },
    })
    messages.set(id, [row(0, 'A01.000'), row(1, 'B02.000')])
    expect(ask().uses).toEqual([
      {
        ...{ exchange: id, standard: 'diagnosis', day, fen: 700, place: 'E1' },
        given: { system: 'H', code: 'L3', name: '名' },
      },
    ])
  })

  it('takes what was refused from the evidence, and counts what cannot be opened', () => {
    const faults: CodeFault[] = [['F1', 'item', 'not-mapped', 'H', 'Z9', '', 100]]
    message(database, day, { lines: 1, faults })
    message(database, day, { lines: 1 })
    expect(ask()).toMatchObject({
      messages: 2,
      unread: 1,
      uses: [{ given: { system: 'H', code: 'Z9' }, fen: 100 }],
    })
    expect(ask(1)).toMatchObject({ messages: 1, unread: 1, uses: [] })
  })
})
