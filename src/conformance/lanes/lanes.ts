/** The ways of care, each played from the person query to settlement and back, with valid and invalid steps. */
import type { Insured } from '../place.ts'
import type { Play } from '../play.ts'
import { accident } from './accident.ts'
import { chronicFiling } from './chronic-filing.ts'
import { closed } from './closed.ts'
import { designation } from './designation.ts'
import { downloads } from './downloads.ts'
import { familyAccount } from './family-account.ts'
import { filing } from './filing.ts'
import { goods } from './goods.ts'
import { inpatient } from './inpatient.ts'
import { interim } from './interim.ts'
import { type Lane, nodeOf } from './lane.ts'
import { maternity } from './maternity.ts'
import { mobilePayment } from './mobile-payment.ts'
import { outOfArea } from './out-of-area.ts'
import { EDITION_A, outpatient, reversal } from './outpatient.ts'
import { pharmacy } from './pharmacy.ts'
import { prescription } from './prescription.ts'
import { reconciliation } from './reconciliation.ts'
import { selfPaid } from './self-paid.ts'
import { settlementList } from './settlement-list.ts'
import { twoDisease } from './two-disease.ts'

async function session(play: Play): Promise<void> {
  const signed = await play.yes('9001', 'signs in', {
    signIn: { opter_no: '0001', mac: '', ip: '127.0.0.1' },
  })
  const sign_no = String(nodeOf(signed.output, 'signinoutb').sign_no)
  await play.yes('9002', 'signs out', { signOut: { sign_no, opter_no: '0001' } })
}

const everybody = () => true
const isCitizen = ({ ssn }: Insured) => ssn !== undefined

/** In the order played. */
export const LANES: readonly Lane[] = [
  { name: 'sign-in', takes: everybody, play: session },
  { name: 'outpatient', takes: everybody, play: (...told) => outpatient(...told, '11') },
  {
    name: 'outpatient, edition A',
    takes: everybody,
    play: (...told) => outpatient(...told, '11', EDITION_A),
  },
  {
    name: 'chronic',
    takes: ({ disease }) => disease !== null,
    play: (...told) => outpatient(...told, '14'),
  },
  { name: 'inpatient', takes: everybody, play: inpatient },
  { name: 'pharmacy', takes: everybody, play: pharmacy },
  { name: 'stock and sales', takes: everybody, play: goods },
  { name: 'mobile payment', takes: everybody, play: mobilePayment },
  { name: 'out-of-area purchase', takes: isCitizen, play: outOfArea },
  { name: 'prescription', takes: isCitizen, play: prescription },
  { name: 'reversal', takes: everybody, play: reversal },
  { name: 'filing', takes: everybody, play: filing },
  { name: 'closed lane', takes: everybody, play: closed },
  { name: 'chronic filing', takes: everybody, play: chronicFiling },
  { name: 'designation', takes: everybody, play: designation },
  { name: 'accident', takes: everybody, play: accident },
  { name: 'interim settlement', takes: everybody, play: interim },
  { name: 'maternity', takes: everybody, play: maternity },
  {
    name: 'two diseases',
    takes: ({ insutype, disease }) => insutype === '390' && disease === null,
    play: twoDisease,
  },
  { name: 'family account', takes: ({ family }) => family === true, play: familyAccount },
  { name: 'no family account', takes: ({ family }) => family !== true, play: familyAccount },
  { name: 'downloads', takes: everybody, play: downloads },
  { name: 'reconciliation', takes: everybody, play: reconciliation },
  { name: 'settlement list', takes: everybody, play: settlementList },
  { name: 'self-paid bill', takes: everybody, play: selfPaid },
]
