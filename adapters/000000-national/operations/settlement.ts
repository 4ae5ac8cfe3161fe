/** 2206, 2207, 2208 and 2303, 2304, 2305: trial, settlement and its cancellation, outpatient and inpatient. */
import type { Operation, Subject, Systems } from '../../../src/extension/dialect.ts'
import { rowsOf } from '../../../src/extension/rows.ts'
import { MONEY_READ, namesSplit, SPLIT_READ, settlementOf, splitOf, totalOf, trialOf } from '../amounts.ts'
import { DOCUMENTS_READ, dayOfField, documentsOf, givenText, LINES_READ, linesOf } from '../claim.ts'
import { boxesSettled } from '../described/named.ts'
import { moneyEvidence } from '../evidence.ts'
import {
  input2303,
  input2304,
  input2305,
  output2303,
  output2304,
  output2305,
} from '../schemas/inpatient-settlement.ts'
import {
  input2206,
  input2207,
  input2208,
  output2206,
  output2207,
  output2208,
} from '../schemas/outpatient-settlement.ts'

type Input = Readonly<Record<string, unknown>>
type Row = Record<string, unknown>

/** What `bill` reads. */
const BILL_READ = [
  ...['psn_no', 'mdtrt_id', 'chrg_bchno', 'med_type', 'insutype', 'dscg_time'].map(
    (field) => `data.${field}`,
  ),
  ...[...SPLIT_READ, ...DOCUMENTS_READ].map((field) => `data.${field}`),
]

/** What a settlement reads: its bill, and the lines where they stand beside it. */
const SETTLEMENT_READ = [...BILL_READ, ...LINES_READ]

/** What `undone` reads. */
const UNDONE_READ = ['data.psn_no', 'data.mdtrt_id', 'data.setl_id']

/** A settlement, with its lines where the sender puts them beside the bill. */
function settled(input: Input, systems: Systems, category?: string): Subject {
  const subject = bill(input, category)
  const rows = rowsOf(input.feedetail)
  return rows ? { ...subject, lines: linesOf(rows, systems) } : subject
}

/** The bill of a trial or settlement. */
function bill(input: Input, category?: string): Subject {
  const data = input.data as Row
  return {
    person: givenText(data, 'psn_no'),
    encounter: givenText(data, 'mdtrt_id'),
    batch: givenText(data, 'chrg_bchno'),
    documents: documentsOf(data),
    category: category ?? givenText(data, 'med_type') ?? '11',
    insurance: givenText(data, 'insutype'),
    ...(givenText(data, 'dscg_time') ? { day: dayOfField(data, 'dscg_time') } : {}),
    ...(namesSplit(data) ? { split: splitOf(data) } : { total: totalOf(data) }),
  }
}

/** The settlement that a cancellation names. */
function undone(input: Input, category: string): Subject {
  const data = input.data as Row
  return {
    person: givenText(data, 'psn_no'),
    encounter: givenText(data, 'mdtrt_id'),
    settlement: givenText(data, 'setl_id'),
    category,
  }
}

/** Trials, settlements and cancellations. */
export const settlement: readonly Operation[] = [
  {
    transaction: '2206',
    name: 'outpatient-pre-settlement',
    title: '门诊预结算',
    kind: 'trial',
    needsLane: true,
    path: 'outpatientSettleService/preSettletment',
    input: input2206,
    output: output2206,
    subject: (input) => bill(input),
    reads: BILL_READ,
    settlement: trialOf,
    readsAnswer: MONEY_READ,
  },
  {
    transaction: '2207',
    name: 'outpatient-settlement',
    title: '门诊结算',
    kind: 'settlement',
    needsLane: true,
    path: 'outpatientSettleService/saveSettletmentV2',
    input: input2207,
    output: output2207,
    subject: (input, systems) => settled(input, systems),
    reads: SETTLEMENT_READ,
    settlement: settlementOf,
    readsAnswer: MONEY_READ,
    evidence: moneyEvidence,
    boxes: boxesSettled,
  },
  {
    transaction: '2208',
    name: 'outpatient-cancellation',
    title: '门诊结算撤销',
    kind: 'cancellation',
    path: 'outpatientSettleService/cancleSettletment',
    input: input2208,
    output: output2208,
    subject: (input) => undone(input, '11'),
    reads: UNDONE_READ,
    settlement: settlementOf,
    readsAnswer: MONEY_READ,
    evidence: moneyEvidence,
  },
  {
    transaction: '2303',
    name: 'inpatient-pre-settlement',
    title: '住院预结算',
    kind: 'trial',
    needsLane: true,
    path: 'hospSettService/preSett',
    input: input2303,
    output: output2303,
    subject: (input) => bill(input, '21'),
    reads: BILL_READ,
    settlement: trialOf,
    readsAnswer: MONEY_READ,
  },
  {
    transaction: '2304',
    name: 'inpatient-settlement',
    title: '住院结算',
    kind: 'settlement',
    needsLane: true,
    stay: 'settlement',
    path: 'hospSettService/settV2',
    input: input2304,
    output: output2304,
    subject: (input, systems) => settled(input, systems, '21'),
    reads: SETTLEMENT_READ,
    settlement: settlementOf,
    readsAnswer: MONEY_READ,
    evidence: moneyEvidence,
  },
  {
    transaction: '2305',
    name: 'inpatient-cancellation',
    title: '住院结算撤销',
    kind: 'cancellation',
    stay: 'cancellation',
    path: 'hospSettService/settCl',
    input: input2305,
    output: output2305,
    subject: (input) => undone(input, '21'),
    reads: UNDONE_READ,
    settlement: settlementOf,
    readsAnswer: MONEY_READ,
    evidence: moneyEvidence,
  },
]
