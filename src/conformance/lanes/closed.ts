/** A lane that an institution has applied for and not opened: nobody from elsewhere is let in, and the refusal says so. */
import { admission, registration } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, visitOf } from './lane.ts'

/** What a refusal has to say. */
const REFUSAL = { says: ['未开通'] }

/** A visit and a stay. Not played where the place has no such institution, nor for people of its own city. */
export async function closed(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { closed: at } = place
  if (!at || patient.insuredArea.slice(0, 4) === at.area.slice(0, 4)) return
  const own = play.as({ ...play.sender, institution: at.code, name: at.name, treatmentArea: at.area })
  await own.no(
    '2201',
    'a lane that is not open takes no visit',
    registration(visitOf(place, patient, moment, '11')),
    REFUSAL,
  )
  await own.no(
    '2401',
    'a lane that is not open takes no stay',
    admission(visitOf(place, patient, moment, '21')),
    REFUSAL,
  )
}
