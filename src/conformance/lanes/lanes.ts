/** The ways of care, played from the person at the counter to the money and back, good steps and bad ones. */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { goods } from './goods.ts'
import { inpatient } from './inpatient.ts'
import { type Lane, type Moment, nodeOf } from './lane.ts'
import { EDITION_A, outpatient, reversal } from './outpatient.ts'
import { pharmacy } from './pharmacy.ts'

async function session(play: Play): Promise<void> {
  const signed = await play.yes('9001', 'signs in', {
    signIn: { opter_no: '0001', mac: '', ip: '127.0.0.1' },
  })
  const sign_no = String(nodeOf(signed.output, 'signinoutb').sign_no)
  await play.yes('9002', 'signs out', { signOut: { sign_no, opter_no: '0001' } })
}

async function filing(play: Play, place: Place, patient: Insured, { at }: Moment): Promise<void> {
  const { code, name, area } = place.other
  const day = at.slice(0, 10)
  await play.yes('2501', 'files a referral', {
    refmedin: {
      ...{
        psn_no: patient.psn_no,
        insutype: patient.insutype,
        tel: '',
        addr: '',
        insu_optins: patient.insuredArea,
      },
      ...{ diag_code: place.diagnosis.code, diag_name: place.diagnosis.name, dise_cond_dscr: '' },
      ...{
        reflin_medins_no: code,
        reflin_medins_name: name,
        mdtrtarea_admdvs: area,
        hosp_agre_refl_flag: '1',
      },
      ...{
        refl_type: '1',
        refl_date: day,
        refl_rea: '病情需要',
        refl_opnn: '同意',
        begndate: day,
        enddate: '',
      },
    },
  })
}

const everybody = () => true

/** In the order in which they are played. */
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
  { name: 'reversal', takes: everybody, play: reversal },
  { name: 'filing', takes: everybody, play: filing },
]
