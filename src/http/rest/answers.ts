/** What a platform's yes says in English. Only the message and the output speak here, so that a stored answer is final. */
import type { Message } from '../../extension/dialect.ts'
import { fenOf, nodeOf, type Row, rowsOf, textOf } from './answer-values.ts'
import { linesAnswer, splitAnswer } from './line-answer.ts'

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
    },
    insurances: rowsOf(output, 'insuinfo').map((row) => ({
      type: textOf(row, 'insutype'),
      personType: textOf(row, 'psn_type'),
      state: textOf(row, 'psn_insu_stas'),
      area: textOf(row, 'insuplc_admdvs'),
      employer: textOf(row, 'emp_name'),
      balanceFen: fenOf(row, 'balc'),
    })),
  }
}

/** 1 and 0 as a yes or no; anything else says nothing. */
function saidYes(row: Row, field: string): boolean | null {
  const value = textOf(row, field)
  return value === '1' ? true : value === '0' ? false : null
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

/** The encounter that is opened: the operation itself reads it, as for the journal. */
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

function settlementAnswer(message: Message, output: unknown): Answer {
  const money = message.operation.settlement?.(output)
  if (!money) return confirmedAnswer(message)
  const info = nodeOf(output, 'setlinfo')
  return {
    messageId: message.id,
    encounter: message.subject.encounter ?? null,
    settlement: money.id || null,
    ...splitAnswer(money.split),
    fundFen: money.fund,
    personFen: money.person,
    accountFen: money.account,
    cashFen: money.cash,
    hospitalFen: money.hospital,
    deductibleFen: fenOf(info, 'act_pay_dedc'),
    balanceFen: fenOf(info, 'balc'),
    settledAt: textOf(info, 'setl_id') ? textOf(info, 'setl_time') : null,
    clearingAgency: textOf(info, 'clr_optins'),
    funds: money.funds.map(({ type, amount }) => ({ type, amountFen: amount })),
  }
}

const READERS: Readonly<Record<string, Reader>> = {
  '1101': personAnswer,
  '2001': entitlementAnswer,
  '2501': filingAnswer,
  '2201': openedAnswer,
  '2401': openedAnswer,
  '2204': linesAnswer,
  '2301': linesAnswer,
  '2206': settlementAnswer,
  '2207': settlementAnswer,
  '2208': settlementAnswer,
  '2303': settlementAnswer,
  '2304': settlementAnswer,
  '2305': settlementAnswer,
}

/** The body of a yes. Transactions that the platform only confirms answer with their encounter. */
export function answerOf(message: Message, output: unknown): Answer {
  return (READERS[message.operation.transaction] ?? confirmedAnswer)(message, output)
}
