/** The transactions of a provincial platform, and how one message is answered once. */
import QuickLRU from 'quick-lru'
import type { Instant } from '../domain/day.ts'
import { shippedCatalogue } from '../extension/catalogue.ts'
import type { CatalogueHead } from '../extension/catalogue-rows.ts'
import type { Codebook } from '../extension/codebook.ts'
import { catalogueQueries } from './catalogue-queries.ts'
import { applyForClearing, cancelClearing, listAgencies, listApplications } from './clearing.ts'
import { reconcileLines, startDayReconciliation } from './compared-file.ts'
import { dayResult, failedThreeWay, pollDayReconciliation } from './compared-results.ts'
import { describedHandlers } from './described.ts'
import { listDiagnoses } from './diagnoses.ts'
import { downloadHandlers } from './downloads.ts'
import {
  cancelChronic,
  cancelDesignation,
  fileAccident,
  fileChronic,
  fileDesignation,
  listChronic,
  listDesignations,
  listInHospital,
} from './entitlements.ts'
import {
  type AnswerHead,
  digestOf,
  type Message,
  type Outcome,
  Refusal,
  writeAnswer,
  writeBareAnswer,
} from './envelope.ts'
import { FileAnswer, uploadFile } from './files.ts'
import { cancelReferral, fileReferral, listReferrals } from './filing.ts'
import { GOODS_WRITES, giveVirtualCode } from './goods.ts'
import { GOODS_READS } from './goods-queries.ts'
import { Group } from './group.ts'
import { checkBenefit, identify, signIn, signOut } from './identity.ts'
import { removeBatch, removeLines, uploadInpatientLines, uploadOutpatientLines } from './lines.ts'
import { payOrder, queryOrder, refundOrder, revokeOrder, uploadOrder } from './mobile-payment.ts'
import { identifyBuyer, orderPurchase, queryOrders, queryPayments } from './out-of-area.ts'
import { claimFunds, claimLines, claimTotals, ledgerLines, ledgerTotals } from './out-of-area-claims.ts'
import { confirmDetails, fetchDetails, takeBackConfirmation } from './out-of-area-clearing.ts'
import { cancelOrder, refundPurchase, reversePurchase } from './out-of-area-undo.ts'
import { settlePurchase, tryPurchase } from './pharmacy.ts'
import {
  checkPrescription,
  queryAudit,
  queryDispensing,
  queryPrescription,
  signPrescription,
  uploadPrescription,
  withdrawPrescription,
} from './prescription-hospital.ts'
import {
  auditPrescription,
  authoriseAtCounter,
  authoriseOnline,
  decodeQr,
  deliver,
  dispense,
  downloadPrescription,
  verifyPrescription,
  withdrawDispense,
} from './prescription-pharmacy.ts'
import { type Handler, type Province, requireOwnProvince } from './province.ts'
import { reconcileTotals } from './reconciliation.ts'
import { listMismatches, reconcileSelfPaid, uploadSelfPaid } from './self-paid.ts'
import { querySettlement, settleInpatient, settleOutpatient, tryInpatient, tryOutpatient } from './settle.ts'
import { changeListStates, countLists, queryFindings, queryList, uploadList } from './settlement-list.ts'
import { cancelInpatient, cancelOutpatient, cancelPurchase, reverse } from './undo.ts'
import {
  admit,
  cancelDischarge,
  cancelVisit,
  changeStay,
  describeVisit,
  discharge,
  listVisits,
  register,
} from './visits.ts'

/** Transactions that change the book, and the sign-in. */
const WRITES: Readonly<Record<string, Handler>> = {
  '9001': signIn,
  '2102': settlePurchase,
  '2103': cancelPurchase,
  '2163': refundPurchase,
  '2166': orderPurchase,
  '2167': cancelOrder,
  '2181': reversePurchase,
  '2201': register,
  '2202': cancelVisit,
  '2203': describeVisit,
  '2203A': describeVisit,
  '2204': uploadOutpatientLines,
  '2205': removeBatch,
  '2207': settleOutpatient,
  '2208': cancelOutpatient,
  '2301': uploadInpatientLines,
  '2302': removeLines,
  '2304': settleInpatient,
  '2305': cancelInpatient,
  '2401': admit,
  '2402': discharge,
  '2403': changeStay,
  '2404': cancelVisit,
  '2405': cancelDischarge,
  '2501': fileReferral,
  '2501A': fileReferral,
  '2502': cancelReferral,
  '2503': fileChronic,
  '2504': cancelChronic,
  '2505': fileDesignation,
  '2506': cancelDesignation,
  '2507': fileAccident,
  '2601': reverse,
  '3202': reconcileLines,
  '3203': applyForClearing,
  '3203A': applyForClearing,
  '3204': cancelClearing,
  '3204A': cancelClearing,
  '3211': startDayReconciliation,
  '3261': confirmDetails,
  '3262': takeBackConfirmation,
  '4101': uploadList,
  '4101A': uploadList,
  '4102': changeListStates,
  '4261': uploadSelfPaid,
  '4262': reconcileSelfPaid,
  '9101': uploadFile,
  ...GOODS_WRITES,
  '3592B': giveVirtualCode,
  '6201': uploadOrder,
  '6202': payOrder,
  '6203': refundOrder,
  '6401': revokeOrder,
  '7101': checkPrescription,
  '7102': signPrescription,
  '7103': uploadPrescription,
  '7104': withdrawPrescription,
  '7201': authoriseAtCounter,
  '7202': authoriseOnline,
  '7203': decodeQr,
  '7204': downloadPrescription,
  '7205': verifyPrescription,
  '7206': auditPrescription,
  '7207': dispense,
  '7208': withdrawDispense,
  '7209': deliver,
  '7210': deliver,
}

/** Transactions that book nothing. Their answers are remembered while the process lives. */
const READS: Readonly<Record<string, Handler>> = {
  '9002': signOut,
  '1101': identify,
  '2001': checkBenefit,
  '2101': tryPurchase,
  '2161': identifyBuyer,
  '2170': queryOrders,
  '2171': queryPayments,
  '2172': claimTotals,
  '2173': claimLines,
  '2174': claimFunds,
  '2175': ledgerLines,
  '2176': ledgerTotals,
  '2206': tryOutpatient,
  '2303': tryInpatient,
  '3201': reconcileTotals,
  '3205A': listApplications,
  '3206A': listAgencies,
  '3209A': failedThreeWay,
  '3212': pollDayReconciliation,
  '3260': fetchDetails,
  '4103': queryList,
  '4104': queryFindings,
  '4105': countLists,
  '4263': listMismatches,
  '5201': listVisits,
  '5202': listDiagnoses,
  '5203': querySettlement,
  '5301': listChronic,
  '5302': listDesignations,
  '5303': listInHospital,
  '5304': listReferrals,
  ...GOODS_READS,
  '13203': dayResult,
  '6301': queryOrder,
  '7105': queryPrescription,
  '7106': queryAudit,
  '7107': queryDispensing,
}

/** Kinds that book nothing. */
const ASKING: readonly string[] = ['query', 'trial', 'session']

/** The handler of the transaction that this one is another edition of. */
function editionOf({ like = '' }: CatalogueHead): Handler | undefined {
  const handler = WRITES[like] ?? READS[like]
  return handler && ((province, message) => handler(province, { ...message, transaction: like }))
}

/** Answers of reads that are remembered at most. */
const REMEMBERED_MAX = 5000

/** The bytes of an answer envelope, or a file in its stead. */
export type Answer = string | FileAnswer

/** Answers a message. */
export type Answerer = (message: Message, receivedAt: Instant) => Answer | Promise<Answer>

function outcomeOf(province: Province, message: Message, handler: Handler): Outcome {
  try {
    requireOwnProvince(province, message)
    return { output: province.book.store.atomically(() => handler(province, message)) }
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error }
    throw error
  }
}

/**
 * The answerer of a province. A repeated (msgid, infno) gets the stored bytes; with another input it is refused, and so
 * is a message that 2601 has reversed.
 */
export function provinceAnswerer(province: Province, codebooks: readonly Codebook[] = []): Answerer {
  const { book } = province
  const catalogue = shippedCatalogue()
  const handlerOf = describedHandlers(catalogue)
  const tables = { ...catalogueQueries(codebooks, catalogue), ...downloadHandlers(codebooks) }
  const group = new Group(book.store)
  const remembered = new QuickLRU<string, { digest: string; body: Answer }>({ maxSize: REMEMBERED_MAX })
  let serial = 0
  const write = (receivedAt: Instant, outcome: Outcome, transaction: string) => {
    if (catalogue.heads.get(transaction)?.answers === 'bare') return writeBareAnswer(outcome)
    serial += 1
    const head: AnswerHead = { area: province.code, serial, receivedAt, respondedAt: province.now() }
    return writeAnswer(head, outcome)
  }
  const refused = (receivedAt: Instant, reason: string, text: string, transaction = '') =>
    write(receivedAt, { refusal: new Refusal(reason, text) }, transaction)

  const read = (message: Message, receivedAt: Instant, handler: Handler, digest: string) => {
    const key = `${message.transaction} ${message.id}`
    const stored = remembered.get(key)
    if (stored?.digest === digest) return stored.body
    if (stored) return refused(receivedAt, 'E504', '报文ID已用于内容不同的报文', message.transaction)
    const outcome = outcomeOf(province, message, handler)
    const isFile = 'output' in outcome && outcome.output instanceof FileAnswer
    const body = isFile ? (outcome.output as FileAnswer) : write(receivedAt, outcome, message.transaction)
    remembered.set(key, { digest, body })
    return body
  }

  const once = (message: Message, receivedAt: Instant, handler: Handler, digest: string) => {
    if (book.isBuried(message.id, message.transaction))
      return refused(receivedAt, 'E504', '该报文已冲正', message.transaction)
    const stored = book.answerOf(message.id, message.transaction)
    if (stored?.digest === digest) return stored.body
    if (stored) return refused(receivedAt, 'E504', '报文ID已用于内容不同的报文', message.transaction)
    const body = write(receivedAt, outcomeOf(province, message, handler), message.transaction)
    book.keepAnswer(message.id, message.transaction, digest, body)
    return body
  }

  const numbers = new Map(
    [...catalogue.heads.values()].flatMap(({ number, also = [] }) => also.map((other) => [other, number])),
  )

  return (given, receivedAt) => {
    const number = numbers.get(given.transaction)
    const message = number ? { ...given, transaction: number } : given
    const digest = digestOf(message)
    const reads = READS[message.transaction] ?? tables[message.transaction]
    if (reads) return read(message, receivedAt, reads, digest)
    const writes = WRITES[message.transaction]
    if (writes) return group.run(() => once(message, receivedAt, writes, digest))
    const head = catalogue.heads.get(message.transaction)
    if (!head) return refused(receivedAt, 'E000', `不支持的交易编号${message.transaction}`)
    const handler = editionOf(head) ?? handlerOf(head)
    if (ASKING.includes(head.kind)) return read(message, receivedAt, handler, digest)
    return group.run(() => once(message, receivedAt, handler, digest))
  }
}
