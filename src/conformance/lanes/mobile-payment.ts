/** A mobile-payment order: uploaded, revoked, paid once, queried, refunded once. */

import type { Fields } from '../../client/message.ts'
import {
  orderPayment,
  orderQuestion,
  orderRefund,
  orderUpload,
  type PaidLegs,
} from '../../client/mobile-payment.ts'
import { personQuestion } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Answered, Play } from '../play.ts'
import { isNear, type Moment, nodeOf, visitOf } from './lane.ts'

/** From upload to payment and back. Played for people of the province, since a payment centre serves one province. */
export async function mobilePayment(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<void> {
  const { code: orgCodg, area } = place.institution
  if (patient.insuredArea.slice(0, 2) !== area.slice(0, 2)) return
  const other = play.as({ ...play.sender, institution: place.other.code, name: place.other.name })
  const visit = visitOf(place, patient, moment, '11')
  const total = place.lines.reduce((sum, line) => sum + line.sum, 0)
  const shown = nodeOf(
    (await play.yes('1101', 'finds the person', personQuestion(patient))).output,
    'baseinfo',
  )
  const payer = { idNo: String(shown.certno), userName: String(shown.psn_name), idType: '01' }
  const lines = place.nationalLines ?? place.lines
  const input = (number: string, sum = total) =>
    orderUpload({ ...visit, number }, payer, orgCodg, lines, { total: sum })
  await play.no('6201', 'lines that do not add up to the total are refused', input(visit.number, total + 1))

  const revoked = await opened(play, input(`${visit.number}R`), orgCodg)
  await play.yes('6401', 'an order is taken back while nothing is paid', orderQuestion(revoked.order, payer))
  await play.no('6202', 'what was taken back is not paid', orderPayment(revoked.order, revoked.mdtrtId, '1'))

  const { order, mdtrtId, answered } = await opened(play, input(visit.number), orgCodg)
  await play.again('6201', 'the same upload again opens no second order', answered)
  const payment = orderPayment(order, mdtrtId, visit.number)
  await other.no('6202', 'nobody pays an order of another institution', payment)
  const paid = await play.yes('6202', 'the order is paid', payment)
  const legs = nodeOf(paid.output, 'data')
  holds(play, '6202', legs, total)
  await play.again('6202', 'the same payment again is no second one', paid)
  await play.no('6202', 'a paid order is not paid under another message id', payment)
  await play.no('6401', 'a paid order is not taken back', orderQuestion(order, payer))
  const asked = await play.yes('6301', 'shows the order', orderQuestion(order, payer))
  holds(play, '6301', nodeOf(asked.output, 'data'), total)
  await other.no('6301', 'nobody asks for an order of another institution', orderQuestion(order, payer))

  const time = moment.at.replaceAll(/\D/g, '')
  const back = (serial: string, more = {}) => {
    const { data } = orderRefund(order, legs as unknown as PaidLegs, serial, time)
    return { data: { ...(data as Fields), ...more } }
  }
  const serial = `T${visit.number}`
  await play.no('6203', 'legs that do not add up are refused', back(serial, { totlRefdAmt: total + 1 }))
  await other.no('6203', 'nobody gives back an order of another institution', back(serial))
  const refunded = await play.yes('6203', 'the order is given back', back(serial))
  await play.again('6203', 'the same refund again is no second one', refunded)
  await play.no('6203', 'what was given back is not given back twice', back(`${serial}2`))
  const ended = nodeOf(
    (await play.yes('6301', 'shows it given back', orderQuestion(order, payer))).output,
    'data',
  )
  play.holds('6301', 'in state 7', String(ended.ordStas) === '7', String(ended.ordStas))
}

/** Uploads, and reads order and, if returned, visit from the answer. */
async function opened(play: Play, input: Fields, orgCodg: string) {
  const answered: Answered = await play.yes('6201', 'the lines are uploaded', input)
  const { payOrdId, payToken, extData } = nodeOf(answered.output, 'data')
  const isGiven = String(payOrdId ?? '') !== '' && String(payToken ?? '') !== ''
  play.holds('6201', 'gives the order an id and a token', isGiven, `${payOrdId} ${payToken}`)
  const { mdtrtId = '' } = JSON.parse(String(extData || '{}')) as { mdtrtId?: string }
  return { answered, order: { payOrdId: String(payOrdId), payToken: String(payToken), orgCodg }, mdtrtId }
}

/** Checks a finished order: its legs add up to its total. */
function holds(play: Play, transaction: string, told: Fields, total: number): void {
  const of = (field: string) => Number(told[field] ?? 0)
  const legs = of('ownPayAmt') + of('psnAcctPay') + of('fundPay')
  play.holds(transaction, 'in state 6', String(told.ordStas) === '6', String(told.ordStas))
  play.holds(transaction, 'with the total of its lines', isNear(of('feeSumamt'), total), `${of('feeSumamt')}`)
  play.holds(transaction, 'whose legs add up to it', isNear(legs, total), `${legs} ≠ ${total}`)
}
