/** A visit that was paid whole: uploaded, reconciled, not settled directly until it is taken back; a settled one is not uploaded. */
import { selfPaidBill, selfPaidSum } from '../../client/self-paid.ts'
import { personQuestion } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { counterOf } from './counter.ts'
import { type Moment, nodeOf, otherOf, rowsOf, visitOf } from './lane.ts'

/** From the counter to the claim by hand, and back to the direct settlement. */
export async function selfPaid(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { code } = place.institution
  const other = otherOf(play, place)
  const shown = nodeOf(
    (await play.yes('1101', 'finds the person', personQuestion(patient))).output,
    'baseinfo',
  )
  const told = { psnCertType: shown.psn_cert_type, certno: shown.certno, psnName: shown.psn_name }
  const payer = told as { psnCertType: string; certno: string; psnName: string }
  const { id, bill } = await counterOf(play, place, patient, moment, '11')
  const visit = visitOf(place, patient, moment, '11')
  const total = place.lines.reduce((sum, line) => sum + line.sum, 0)
  const input = (valiFlag: '0' | '1' = '1') =>
    selfPaidBill(play.sender, payer, visit, id, place.lines, valiFlag)

  await other.no('4261', 'nobody uploads a visit of another institution', input())
  const uploaded = await play.yes('4261', 'the bill is uploaded', input())
  const { code: said, type } = uploaded.output
  play.holds(
    '4261',
    'answers without an envelope',
    String(said) === '0' && type === 'success',
    `${said} ${type}`,
  )
  await play.again('4261', 'the same message again has the same answer', uploaded)

  const balanced = async (what: string, sum: number, result: string) => {
    const { data } = (await play.yes('4262', what, selfPaidSum(code, id, sum))).output as { data?: unknown }
    const row = (Array.isArray(data) ? data[0] : data) as { stmtResult?: unknown } | undefined
    play.holds('4262', `says ${result}`, String(row?.stmtResult) === result, String(row?.stmtResult))
  }
  const page = async () => {
    const input = { fixmedinsCode: code, mdtrtId: id, pageNum: 1, pageSize: 10 }
    const { output } = await play.yes('4263', 'lists what differs', input)
    return rowsOf(nodeOf(output, 'data'), 'Data').length
  }
  await balanced('another sum is told', total + 1, '0')
  const differing = await page()
  play.holds('4263', 'shows the visit', differing === 1, `${differing}`)
  await balanced('its sum is told', total, '1')
  const left = await page()
  play.holds('4263', 'shows it no more', left === 0, `${left}`)

  await play.no('2207', 'what is uploaded so is not settled directly', bill, { says: ['自费'] })
  await play.yes('4261', 'the bill is taken back', input('0'))
  const settled = await play.yes('2207', 'then the visit is settled', bill)
  await play.no('4261', 'what is settled is not uploaded', input(), { says: ['已直接结算'] })
  const { setl_id } = nodeOf(settled.output, 'setlinfo')
  const data = { setl_id, mdtrt_id: id, psn_no: patient.psn_no }
  await play.yes('2208', 'the settlement is cancelled', { data })
  await play.yes('4261', 'and the bill is uploaded again', input())
}
