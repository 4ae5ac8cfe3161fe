/** Where a conformance run takes place: the institution, its people and what it charges for. */
import { z } from 'zod'
import type { DiagnosisOfVisit, LineOfVisit, Patient } from '../client/visit.ts'

/** Someone insured who may be treated at the institution. */
export interface Insured extends Patient {
  /** `insuplc_admdvs`. */
  readonly insuredArea: string
  /** Citizen number and name; absent: what asks for them is not played. */
  readonly ssn?: string | undefined
  readonly name?: string | undefined
  /** Certified chronic disease; null if there is none. */
  readonly disease: string | null
  /** Whether a relative's account may be used (家庭共济). */
  readonly family?: boolean
}

/** It. */
export interface Place {
  readonly institution: { readonly code: string; readonly name: string; readonly area: string }
  /** Another institution, in whose name nothing of this one may be done. */
  readonly other: { readonly code: string; readonly name: string; readonly area: string }
  /** A pharmacy that may be spoken for as well; absent if there is none. */
  readonly pharmacy?: Place['institution'] | undefined
  /** A hospital of the second level at most that may be spoken for; absent if there is none. */
  readonly clinic?: Place['institution'] | undefined
  /** An institution that has no lane open for people from elsewhere, and may be spoken for; absent where there is none. */
  readonly closed?: Place['institution'] | undefined
  /** Insured in the place of treatment, and elsewhere. The first of each kind plays. */
  readonly patients: readonly Insured[]
  readonly lines: readonly LineOfVisit[]
  /** The same in national codes, for transactions that are passed on as they come; absent: `lines` have them. */
  readonly nationalLines?: readonly LineOfVisit[]
  readonly diagnosis: DiagnosisOfVisit
}

const institution = z.object({
  code: z.string().length(12),
  name: z.string().min(1),
  area: z.string().regex(/^\d{6}$/),
})

/** The file of `--place`: a trial account of a gateway or platform that is not ours. */
const placeFile = z.object({
  institution,
  other: institution,
  pharmacy: institution.optional(),
  clinic: institution.optional(),
  closed: institution.optional(),
  patients: z
    .array(
      z.object({
        psn_no: z.string().min(1),
        credential: z.object({ mdtrt_cert_type: z.string().min(1), mdtrt_cert_no: z.string().min(1) }),
        insutype: z.string().min(1),
        insuredArea: z.string().regex(/^\d{6}$/),
        ssn: z.string().length(18).optional(),
        name: z.string().optional(),
        disease: z.string().nullable().default(null),
        family: z.boolean().default(false),
      }),
    )
    .min(1),
  lines: z
    .array(
      z.object({
        item: z.string().min(1),
        national: z.string().default(''),
        price: z.number().positive(),
        count: z.number().int().positive(),
        sum: z.number().positive(),
      }),
    )
    .min(1),
  diagnosis: z.object({ code: z.string().min(1), name: z.string().min(1) }),
})

/** Reads it. @throws in words, without the values: it may hold numbers of people */
export function readPlace(text: string): Place {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Error('The file of --place is not JSON')
  }
  const read = placeFile.safeParse(json)
  if (!read.success) throw new Error(`The file of --place will not do. ${z.prettifyError(read.error)}`)
  return read.data
}

/** An insured person as `GET /people` of a simulated province shows one. */
interface Shown {
  readonly psn_no: string
  readonly psn_name?: string
  readonly psn_cert_type?: string
  readonly certno?: string
  readonly credentials: readonly { readonly mdtrt_cert_type: string; readonly mdtrt_cert_no: string }[]
  readonly insurance: readonly {
    readonly insutype: string
    readonly psn_insu_stas: string
    readonly insuplc_admdvs: string
  }[]
  readonly filings: readonly { readonly destination: string }[]
  readonly chronic: readonly { readonly code: string }[]
  readonly family?: boolean
}

/** Hospitals of the register that comes with the gateway, invented; they send national diagnoses and their own items. */
const OURS = { code: 'H43090290001', name: '益阳市资江医院（虚构）', area: '430902' }
const OTHER = { code: 'H34010290001', name: '合肥市瑶海区人民医院（虚构）', area: '340102' }
const PHARMACY = { code: 'P43090390001', name: '益阳赫山益民大药房（虚构）', area: '430903' }
const CLINIC = { code: 'H43090390001', name: '益阳市赫山区人民医院（虚构）', area: '430903' }
const CLOSED = { code: 'H43092190002', name: '南县中医医院（虚构）', area: '430921' }
const LINES: readonly LineOfVisit[] = [
  { item: 'Y0001', price: 12.5, count: 2, sum: 25 },
  { item: 'Y0002', price: 30, count: 1, sum: 30 },
  { item: 'Y0003', price: 35, count: 1, sum: 35 },
]
const NATIONAL_LINES = LINES.map((line) => ({ ...line, national: '002503000010000-250301001' }))
const DIAGNOSIS = { code: 'I10.x00x002', name: '高血压' }

/** The place of a run against our own gateway and its simulated provinces. @param people of all provinces */
export function ownPlace(people: readonly Shown[], institution = OURS): Place {
  const insured = people.filter(({ insurance }) => insurance[0]?.psn_insu_stas === '1')
  const mayCome = ({ insurance, filings }: Shown) =>
    insurance[0]!.insuplc_admdvs.slice(0, 4) === institution.area.slice(0, 4) ||
    filings.some(({ destination }) => destination.slice(0, 4) === institution.area.slice(0, 4))
  const patients = insured.filter(mayCome).map(patientOf)
  const beside = institution === OURS ? { pharmacy: PHARMACY, clinic: CLINIC, closed: CLOSED } : {}
  const charged = { lines: LINES, nationalLines: NATIONAL_LINES }
  return { institution, other: OTHER, ...beside, patients, ...charged, diagnosis: DIAGNOSIS }
}

function patientOf({ psn_no, psn_name: name, psn_cert_type, certno, ...shown }: Shown): Insured {
  const { credentials, insurance, chronic, family } = shown
  const { mdtrt_cert_type, mdtrt_cert_no } = credentials[0]!
  const { insutype, insuplc_admdvs: insuredArea } = insurance[0]!
  const credential = { mdtrt_cert_type, mdtrt_cert_no }
  const citizen = psn_cert_type === '01' ? { ssn: certno, name } : {}
  const disease = chronic[0]?.code ?? null
  return { psn_no, credential, insutype, insuredArea, disease, family: family === true, ...citizen }
}
