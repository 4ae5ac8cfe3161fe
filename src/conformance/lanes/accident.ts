/**
 * Trauma: settled if no third party is liable, according to the marks or an accident filing; and the query for
 * current inpatients.
 */
import { addDays, type Day } from '../../domain/day.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { holdsTogether, type Moment, rowsOf } from './lane.ts'
import { admissionOf, stayIn } from './stay.ts'

const marked = (marks: Record<string, string>) => ({ exp_content: JSON.stringify(marks) })

/** Three stays: liability not stated, nobody liable, somebody liable. */
export async function accident(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { psn_no, insutype } = patient
  const day = moment.at.slice(0, 10)
  const isElsewhere = patient.insuredArea.slice(0, 4) !== place.institution.area.slice(0, 4)
  if (isElsewhere && place.institution.area.startsWith('43')) {
    const unsaid = admissionOf(place, patient, moment, '22', marked({}))
    await play.no('2401', 'a trauma without its mark is refused', unsaid, { says: ['TRUM_FLAG'] })
    const half = admissionOf(place, patient, moment, '22', marked({ TRUM_FLAG: '1' }))
    await play.no('2401', 'a trauma that says nothing of a third party is refused', half, {
      says: ['REL_TTP_FLAG'],
    })
  }
  const blamed = await stayIn(
    play,
    place,
    patient,
    moment,
    '22',
    marked({ TRUM_FLAG: '1', REL_TTP_FLAG: '1' }),
  )
  const listed = await play.yes('5303', 'shows who lies in hospital', {
    data: { psn_no, begntime: `${day} 00:00:00`, endtime: `${day} 23:59:59` },
  })
  const isThere = rowsOf(listed.output, 'data').some((row) => row.mdtrt_id === blamed.id)
  play.holds('5303', 'among them the person', isThere, listed.heard.bytes.slice(0, 200))
  await play.no(
    '2303',
    'a trauma that a third party is to blame for is settled by nobody',
    await blamed.charge(),
  )
  await blamed.undo()
  const other = { ...moment, number: `${moment.number}N` }
  const alone = await stayIn(play, place, patient, other, '22', marked({ TRUM_FLAG: '1', REL_TTP_FLAG: '0' }))
  const bill = await alone.charge()
  const tried = await play.yes('2303', 'a trauma that nobody else is to blame for is tried', bill)
  holdsTogether(play, '2303', tried, Number(bill.data.medfee_sumamt))
  await alone.undo()
  const { code: fixmedins_code, name: fixmedins_name } = place.institution
  // Accident filings cannot be withdrawn, so each run uses another day.
  const days = Number(moment.number.replaceAll(/\D/g, '').slice(-8, -1)) % 20_000
  const trum_time = addDays('1970-01-01' as Day, days)
  const happened = { trum_time, trum_site: '道路', trum_rea: '跌倒', begndate: trum_time }
  const data = { psn_no, insutype, fixmedins_code, fixmedins_name, ...happened }
  await play.no('2507', 'an accident of tomorrow is not filed', {
    data: { ...data, trum_time: '2099-01-01' },
  })
  const filed = await play.yes('2507', 'files an accident', { data: { ...data, enddate: trum_time } })
  await play.again('2507', 'the same filing again is no second one', filed)
}
