/**
 * A platform's successful answer in English. It depends only on message and output, so that a stored answer is final.
 */
import { fenFromYuan } from '../../domain/money.ts'
import type { Settlement } from '../../domain/settlement.ts'
import type { Message } from '../../extension/dialect.ts'
import { fenOf, nodeOf, rowsOf, saidYes, textOf } from './answer-values.ts'
import { identityName } from './identity-names.ts'
import { linesAnswer, splitAnswer, splitLine } from './line-answer.ts'
import { transactionAnswer } from './transaction-answer.ts'

type Answer = Record<string, unknown>
type Reader = (message: Message, output: unknown) => Answer

function personAnswer({ id }: Message, output: unknown): Answer {
  const base = nodeOf(output, 'baseinfo')
  return {
    messageId: id,
    person: {
      number: textOf(base, 'psn_no'),
      documentType: textOf(base, 'psn_cert_type'),
      documentNumber: textOf(base, 'certno'),
      name: textOf(base, 'psn_name'),
      gender: textOf(base, 'gend'),
      birth: textOf(base, 'brdy'),
      age: textOf(base, 'age'),
    },
    insurances: rowsOf(output, 'insuinfo').map((row) => ({
      type: textOf(row, 'insutype'),
      personType: textOf(row, 'psn_type'),
      state: textOf(row, 'psn_insu_stas'),
      area: textOf(row, 'insuplc_admdvs'),
      employer: textOf(row, 'emp_name'),
      balanceFen: fenOf(row, 'balc'),
      civilServant: saidYes(row, 'cvlserv_flag'),
      insuredSince: textOf(row, 'psn_insu_date'),
      suspendedSince: textOf(row, 'paus_insu_date'),
    })),
    identities: rowsOf(output, 'idetinfo').map((row) => ({
      type: textOf(row, 'psn_idet_type'),
      name: textOf(row, 'memo') ?? identityName(textOf(row, 'psn_idet_type')),
      level: textOf(row, 'psn_type_lv'),
      from: textOf(row, 'begntime'),
      until: textOf(row, 'endtime'),
    })),
  }
}

function entitlementAnswer({ id }: Message, output: unknown): Answer {
  const checks = rowsOf(output, 'trtinfo').map((row) => ({
    kind: textOf(row, 'trt_chk_type'),
    fundType: textOf(row, 'fund_pay_type'),
    entitled: saidYes(row, 'trt_enjymnt_flag'),
    from: textOf(row, 'begndate'),
    until: textOf(row, 'enddate'),
    text: textOf(row, 'trt_chk_rslt'),
  }))
  return { messageId: id, checks }
}

function filingAnswer({ id }: Message, output: unknown): Answer {
  return { messageId: id, filing: textOf(nodeOf(output, 'result'), 'trt_dcla_detl_sn') }
}

/** The encounter that was opened, read by the operation itself as for the journal. */
function openedAnswer({ id, operation, subject }: Message, output: unknown): Answer {
  return {
    messageId: id,
    encounter: operation.encounter?.(output) ?? null,
    visitNumber: subject.visitNumber ?? null,
  }
}

function confirmedAnswer({ id, subject }: Message): Answer {
  return { messageId: id, encounter: subject.encounter ?? null }
}

/** Payments by fund in the head of a settlement: platforms fill this, `setldetail`, or both. */
const FUND_PAYS = [
  ['pool', 'hifp_pay'],
  ['civilServant', 'cvlserv_pay'],
  ['enterprise', 'hifes_pay'],
  ['seriousIllness', 'hifmi_pay'],
  ['largeExpense', 'hifob_pay'],
  ['assistance', 'maf_pay'],
  ['disability', 'hifdm_pay'],
  ['other', 'oth_pay'],
] as const

/** The payments by fund, completed from `setldetail`, whose rows are in the same order. */
function fundsOf(funds: Settlement['funds'], output: unknown): readonly Answer[] {
  const rows = rowsOf(output, 'setldetail')
  return funds.map(({ type, amount }, index) => {
    const row = rows[index] ?? {}
    return {
      type,
      name: textOf(row, 'fund_pay_type_name'),
      amountFen: amount,
      inScopeFen: fenOf(row, 'inscp_scp_amt'),
      limitFen: fenOf(row, 'crt_payb_lmt_amt'),
      text: textOf(row, 'setl_proc_info'),
    }
  })
}

/**
 * What the insured place pays only if claimed there, from the text in `exp_content`; nothing if the platform does not
 * say, as most do not. [A]
 */
function claimedLater(info: Parameters<typeof textOf>[0]): readonly Answer[] {
  try {
    const { CLAIM_LATER: later = {} } = JSON.parse(textOf(info, 'exp_content') || '{}') as Answer
    return Object.entries(later as Answer).map(([type, yuan]) => ({
      type,
      amountFen: fenFromYuan(yuan as string),
    }))
  } catch {
    return []
  }
}

function settlementAnswer(message: Message, output: unknown): Answer {
  const money = message.operation.settlement?.(output)
  if (!money) return confirmedAnswer(message)
  const info = nodeOf(output, 'setlinfo')
  return {
    messageId: message.id,
    encounter: message.subject.encounter ?? message.operation.encounter?.(output) ?? null,
    settlement: money.id || null,
    ...splitAnswer(money.split),
    fundFen: money.fund,
    personFen: money.person,
    accountFen: money.account,
    cashFen: money.cash,
    hospitalFen: money.hospital,
    deductibleFen: fenOf(info, 'act_pay_dedc'),
    balanceFen: fenOf(info, 'balc'),
    familyAccountFen: fenOf(info, 'acct_mulaid_pay'),
    poolRatio: textOf(info, 'pool_prop_selfpay'),
    settledAt: textOf(info, 'setl_id') ? textOf(info, 'setl_time') : null,
    clearingAgency: textOf(info, 'clr_optins'),
    clearingWay: textOf(info, 'clr_way'),
    clearingType: textOf(info, 'clr_type'),
    medicalCategory: textOf(info, 'med_type'),
    funds: fundsOf(money.funds, output),
    fundPaysFen: Object.fromEntries(FUND_PAYS.map(([name, field]) => [name, fenOf(info, field)])),
    claimLater: claimedLater(info),
  }
}

/** A purchase: its settlement, and how its lines were split; an outcome found later has no lines. */
function purchaseAnswer(message: Message, output: unknown): Answer {
  const lines = rowsOf(output, 'detlcutinfo').map((row) =>
    splitLine(textOf(row, 'feedetl_sn') ?? '', null, row),
  )
  return { ...settlementAnswer(message, output), lines }
}

/** Operations with a route of their own and English answers; all others answer as in the catalogue. */
const READERS: Readonly<Record<string, Reader>> = {
  'person-query': personAnswer,
  'entitlement-query': entitlementAnswer,
  filing: filingAnswer,
  registration: openedAnswer,
  'visit-details': confirmedAnswer,
  admission: openedAnswer,
  discharge: confirmedAnswer,
  'outpatient-lines': linesAnswer,
  'inpatient-lines': linesAnswer,
  'outpatient-pre-settlement': settlementAnswer,
  'inpatient-pre-settlement': settlementAnswer,
  'outpatient-settlement': settlementAnswer,
  'inpatient-settlement': settlementAnswer,
  'outpatient-cancellation': settlementAnswer,
  'inpatient-cancellation': settlementAnswer,
  'pharmacy-pre-settlement': purchaseAnswer,
  'pharmacy-settlement': purchaseAnswer,
  'pharmacy-cancellation': settlementAnswer,
}

/**
 * The body of a successful answer. Transactions that the platform only confirms return their encounter.
 *
 * @param typed converts the numbers of an output that is passed through
 */
export function answerOf(
  message: Message,
  output: unknown,
  typed = (_message: Message, given: unknown) => given,
): Answer {
  const own = READERS[message.operation.name]
  return own ? own(message, output) : transactionAnswer(message, typed(message, output))
}
