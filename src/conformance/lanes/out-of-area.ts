/**
 * A purchase out of area: ordered by the pharmacy, paid by the person by phone, refunded or cancelled by the
 * pharmacy.
 */
import {
  type Buyer,
  buyerOf,
  buyerQuestion,
  paymentQuestion,
  purchaseOrder,
  reversedOrder,
  type Sale,
  undoneOrder,
} from '../../client/purchase-order.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { isNear, type Moment } from './lane.ts'

/** Maximum queries for the payment. */
const LOOKS_MAX = 20

/** Polls until the person has paid. @returns whether that happened */
async function isPaid(play: Play, buyer: Buyer, sale: Sale, number: string): Promise<boolean> {
  const question = paymentQuestion(buyer, sale.institution, number)
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const { output } = await play.yes('2171', 'says whether the person has paid', question)
    if (output.mdtrt_regno === undefined) continue
    const [total, cash, account] = ['medfee_sumamt', 'psn_cashpay', 'acct_payamt'].map((field) =>
      Number(output[field] ?? 0),
    ) as [number, number, number]
    play.holds('2171', 'shows the total that was ordered', isNear(total, sale.total), `${total}`)
    play.holds('2171', 'account and cash add up to it', isNear(cash + account, total), `${cash} + ${account}`)
    return true
  }
  return false
}

/** From the person query to payment and back. Skipped without a pharmacy, or for people insured there. */
export async function outOfArea(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { pharmacy } = place
  const { ssn = '', insuredArea } = patient
  if (!pharmacy || ssn === '' || insuredArea.startsWith(pharmacy.area.slice(0, 4))) return
  const { code: institution, name, area } = pharmacy
  const own = play.as({ ...play.sender, institution, name, treatmentArea: area })
  const { code, name: otherName } = place.other
  const other = play.as({
    ...own.sender,
    institution: code,
    name: otherName,
    treatmentArea: place.other.area,
  })
  const who = await own.yes('2161', 'says who buys', buyerQuestion(ssn, insuredArea, institution))
  const buyer = buyerOf(who.output, ssn, insuredArea)
  const total = place.lines.reduce((sum, line) => sum + line.sum, 0)
  const saleOf = (suffix: string): Sale => ({
    ...{ institution, name, area, number: `${moment.number}${suffix}`.slice(-20) },
    ...{ at: moment.at, lines: place.lines, total },
  })
  const sale = saleOf('A')
  await own.no('2166', 'an order that is not the sum of its lines is refused', {
    ...purchaseOrder(buyer, sale),
    medfee_sumamt: total + 1,
  })
  const ordered = await own.yes('2166', 'the order is pushed to the phone', purchaseOrder(buyer, sale))
  await own.again('2166', 'the same order again is no second one', ordered)
  const number = String(ordered.output.mdtrt_regno ?? '')
  own.holds('2166', 'gives the order a number', number !== '', JSON.stringify(ordered.output))
  const twice = purchaseOrder(buyer, sale)
  await own.no('2166', 'the number of a visit serves one order', twice)
  const paid = await isPaid(own, buyer, sale, number)
  own.holds('2171', 'the person has paid', paid, 'not paid')
  if (!paid) return
  await own.no('2167', 'what is paid is not cancelled', undoneOrder(institution, number))
  await other.no('2163', 'nobody gives back a purchase of another pharmacy', undoneOrder(code, number))
  const back = await own.yes('2163', 'the purchase is given back', undoneOrder(institution, number))
  const given = Math.abs(Number(back.output.medfee_sumamt))
  own.holds('2163', 'with the total of the purchase', isNear(given, total), `${given}`)
  await own.again('2163', 'the same refund again has the same answer', back)
  await own.no('2163', 'what is given back is not given back twice', undoneOrder(institution, number))
  await own.no('2166', 'the number of the visit is used up', twice)
  await cancelled(own, buyer, saleOf('B'))
  await reversed(own, buyer, saleOf('C'))
  await claims(own, institution, moment)
}

/** An unpaid order. */
async function cancelled(play: Play, buyer: Buyer, sale: Sale): Promise<void> {
  const { institution } = sale
  const ordered = await play.yes('2166', 'another order is pushed', purchaseOrder(buyer, sale))
  const number = String(ordered.output.mdtrt_regno)
  const waiting = await play.yes('2170', 'shows the order that waits', {
    fixmedins_code: institution,
    ssn: buyer.ssn,
  })
  const shown = JSON.stringify(waiting.output)
  play.holds('2170', 'by its number', shown.includes(number), shown.slice(0, 200))
  await play.no('2163', 'what is not paid is not given back', undoneOrder(institution, number))
  const undone = await play.yes('2167', 'the order is cancelled', undoneOrder(institution, number))
  await play.again('2167', 'the same cancellation again has the same answer', undone)
  await play.no('2167', 'what is cancelled is not cancelled twice', undoneOrder(institution, number))
}

async function reversed(play: Play, buyer: Buyer, sale: Sale): Promise<void> {
  const { institution } = sale
  const ordered = await play.yes('2166', 'a third order is pushed', purchaseOrder(buyer, sale))
  const number = String(ordered.output.mdtrt_regno)
  const reversal = reversedOrder(buyer, institution, number, '2166')
  const undone = await play.yes('2181', 'the order is reversed', reversal)
  await play.again('2181', 'the same reversal again has the same answer', undone)
  await play.no('2163', 'what is reversed is not given back', undoneOrder(institution, number))
}

/** The pharmacy's claims for its purchases. */
async function claims(play: Play, fixmedins_code: string, { at }: Moment): Promise<void> {
  const day = at.slice(0, 10)
  const month = day.slice(0, 7).replace('-', '')
  const asked = { fixmedins_code, clr_type: '411', start_clrym: month, end_clrym: month }
  const about = { ...asked, clr_optins: play.sender.treatmentArea, clr_stas: '0' }
  await play.yes('2172', 'tells the totals of the month', about)
  await play.yes('2173', 'tells the lines of the month', about)
  await play.yes('2174', 'tells the funds of the month', about)
  await play.yes('2175', 'tells the ledger of the day', { fixmedins_code, query_date: day })
  await play.yes('2176', 'tells the totals of the day', { fixmedins_code, start_date: day, end_date: day })
}
