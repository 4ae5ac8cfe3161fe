/**
 * 2101, 2102 and 2103: trial, settlement and cancellation of a purchase at a pharmacy. 2102 registers, uploads and settles in
 * one message; 2103 takes back the lines too [F]. There is no 2104.
 */
import type { Operation, Subject, Systems } from '../../../src/extension/dialect.ts'
import { rowsOf } from '../../../src/extension/rows.ts'
import { MONEY_READ, settlementOf, totalOf, trialOf } from '../amounts.ts'
import { DOCUMENTS_READ, dayOfField, documentsOf, givenText, linesOf, linesRead } from '../claim.ts'
import { boxesSettled } from '../described/named.ts'
import { encounterOf, moneyEvidence, purchaseEvidence } from '../evidence.ts'
import { input2101, input2102, input2103, output2101, output2102, output2103 } from '../schemas/pharmacy.ts'

type Input = Readonly<Record<string, unknown>>
type Row = Record<string, unknown>

/** Medical category of a purchase. [F] */
const PURCHASE = '41'

/** What `purchase` reads. */
const PURCHASE_READ = [
  ...['psn_no', 'med_type', 'insutype', 'begntime', 'medfee_sumamt', ...DOCUMENTS_READ].map(
    (field) => `druginfo.${field}`,
  ),
  ...linesRead('drugdetail'),
]

/** A purchase, which has no visit yet. */
function purchase(input: Input, systems: Systems): Subject {
  const druginfo = input.druginfo as Row
  return {
    person: givenText(druginfo, 'psn_no'),
    category: givenText(druginfo, 'med_type'),
    insurance: givenText(druginfo, 'insutype'),
    day: dayOfField(druginfo, 'begntime'),
    documents: documentsOf(druginfo),
    lines: linesOf(rowsOf(input.drugdetail)!, systems),
    total: totalOf(druginfo),
  }
}

/** Trial, settlement and cancellation of a purchase. */
export const pharmacy: readonly Operation[] = [
  {
    transaction: '2101',
    name: 'pharmacy-pre-settlement',
    title: '药店预结算',
    kind: 'trial',
    needsLane: true,
    lane: 'pharmacy',
    path: null,
    input: input2101,
    output: output2101,
    subject: purchase,
    reads: PURCHASE_READ,
    settlement: trialOf,
    readsAnswer: MONEY_READ,
  },
  {
    transaction: '2102',
    name: 'pharmacy-settlement',
    title: '药店结算',
    kind: 'settlement',
    needsLane: true,
    lane: 'pharmacy',
    opens: { visit: 'pharmacy', node: 'druginfo' },
    path: null,
    input: input2102,
    output: output2102,
    subject: purchase,
    reads: PURCHASE_READ,
    settlement: settlementOf,
    encounter: (output) => encounterOf((output as { setlinfo?: unknown } | null)?.setlinfo),
    readsAnswer: MONEY_READ,
    evidence: purchaseEvidence,
    boxes: boxesSettled,
  },
  {
    transaction: '2103',
    name: 'pharmacy-cancellation',
    title: '药店结算撤销',
    kind: 'cancellation',
    lane: 'pharmacy',
    path: null,
    input: input2103,
    output: output2103,
    subject(input) {
      const data = (input as { data: Row }).data
      return {
        person: givenText(data, 'psn_no'),
        encounter: givenText(data, 'mdtrt_id'),
        settlement: givenText(data, 'setl_id'),
        category: PURCHASE,
      }
    },
    reads: ['data.psn_no', 'data.mdtrt_id', 'data.setl_id'],
    settlement: settlementOf,
    readsAnswer: MONEY_READ,
    evidence: moneyEvidence,
  },
]
