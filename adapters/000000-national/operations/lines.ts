/** 2204, 2205, 2301 and 2302: fee lines go up, and are withdrawn. */
import type { Operation } from '../../../src/extension/dialect.ts'
import { type Rows, rowsOf } from '../../../src/extension/rows.ts'
import { firstText, givenText, LINES_READ, linesOf, textOf } from '../claim.ts'
import { input2204, input2205, input2301, input2302, output2204, output2301 } from '../schemas/lines.ts'

type Row = Record<string, unknown>

/**
 * What stands for every line of a visit in a withdrawal (2205 `chrg_bchno`, 2302 `feedetl_sn`) [F]. An upload that bore it
 * would be undone together with every other upload of the visit.
 */
const EVERY_LINE = '0000'

function refuseEveryLine(field: string, value: string | undefined): void {
  if (value === EVERY_LINE)
    throw new RangeError(`${field}不能为0000：撤销时0000表示该就诊的全部明细，请另行编号`)
}

/** Whose the lines are: all lines of a message are of one visit. */
function visitOf(rows: Rows) {
  return { person: firstText(rows, 'psn_no'), encounter: firstText(rows, 'mdtrt_id') }
}

/** What the uploads read: their lines, and whose they are. */
const UPLOAD_READ = [
  ...['psn_no', 'mdtrt_id', 'chrg_bchno', 'med_type'].map((field) => `feedetail[].${field}`),
  ...LINES_READ,
]

/** Upload and withdrawal of fee lines. */
export const lines: readonly Operation[] = [
  {
    transaction: '2204',
    name: 'outpatient-lines',
    title: '门诊费用明细信息上传',
    kind: 'write',
    path: 'outpatientDocInfoService/outpatientFeeListUp',
    input: input2204,
    output: output2204,
    subject(input, systems) {
      const rows = rowsOf(input.feedetail)!
      const batch = firstText(rows, 'chrg_bchno')
      refuseEveryLine('chrg_bchno', batch)
      return {
        ...visitOf(rows),
        batch,
        lines: linesOf(rows, systems),
      }
    },
    reads: UPLOAD_READ,
    evidence: {
      undo: ({ subject }) => ({
        transaction: '2205',
        input: { data: { mdtrt_id: subject.encounter, chrg_bchno: subject.batch, psn_no: subject.person } },
      }),
    },
  },
  {
    transaction: '2205',
    name: 'outpatient-lines-withdrawal',
    title: '门诊费用明细信息撤销',
    kind: 'write',
    path: 'outpatientDocInfoService/outpatientFeeListUpCancel',
    input: input2205,
    output: null,
    subject(input) {
      const data = input.data as Row
      return {
        person: givenText(data, 'psn_no'),
        encounter: givenText(data, 'mdtrt_id'),
        batch: givenText(data, 'chrg_bchno'),
      }
    },
    evidence: { resend: true },
  },
  {
    transaction: '2301',
    name: 'inpatient-lines',
    title: '住院费用明细上传',
    kind: 'write',
    path: 'hospFeeDtlService/feeDtlUp',
    input: input2301,
    output: output2301,
    subject(input, systems) {
      const rows = rowsOf(input.feedetail)!
      const lines = linesOf(rows, systems)
      for (const { at } of lines) refuseEveryLine('feedetl_sn', at)
      return {
        ...visitOf(rows),
        category: firstText(rows, 'med_type') ?? '21',
        lines,
      }
    },
    reads: UPLOAD_READ,
    evidence: {
      undo: ({ subject }) => ({
        transaction: '2302',
        input: {
          data: (subject.lines ?? []).map((line) => ({
            feedetl_sn: line.at,
            mdtrt_id: subject.encounter,
            psn_no: subject.person,
          })),
        },
      }),
    },
  },
  {
    transaction: '2302',
    name: 'inpatient-lines-withdrawal',
    title: '住院费用明细撤销',
    kind: 'write',
    path: 'hospFeeDtlService/feeDtlCl',
    input: input2302,
    output: null,
    subject(input) {
      const row = (input.data as Row[])[0]
      return { person: givenText(row, 'psn_no'), encounter: textOf(row, 'mdtrt_id'), category: '21' }
    },
    evidence: { resend: true },
  },
]
