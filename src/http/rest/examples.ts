/**
 * Examples for the document: requests that the simulator of `npm start` answers as documented, in this order. All
 * people and institutions are invented. Values that come from an earlier answer (encounter, settlement) are taken
 * from it.
 */

/** One example body, with its Idempotency-Key. */
export interface Example {
  readonly summary: string
  readonly key?: string
  readonly value: Readonly<Record<string, unknown>>
}

/** Examples of an operation by name; examples with the same name belong to one walk-through. */
export type Examples = Readonly<Record<string, Example>>

/** A person insured in Guangzhou with a referral filing for Qingyang, and a hospital there. */
const INSTITUTION = 'H62100290001'
const INSURED = '440100'
const PERSON = '44010099000000000000000002'
const CREDENTIAL = { type: '01', number: '99000000ECTOKEN00000000044000001' }
const DOCTOR = { code: 'D621002000001', name: '医师甲' }
const MEDICINE = { code: '0101', name: '内科' }
const SURGERY = { code: '0201', name: '普外科' }
const HEAD = { institution: INSTITUTION, insuredArea: INSURED }

const diagnosis = (department: string, at: string) => ({
  code: 'I10.x00x002',
  name: '高血压',
  department,
  doctor: DOCTOR,
  at,
})

const line = (serial: string, at: string, department: typeof MEDICINE) => ({
  serial,
  localCode: 'Y0001',
  at,
  priceYuan: '12.50',
  quantity: '2',
  totalFen: 2500,
  department,
  doctor: DOCTOR,
})

/** The totals returned for the lines of the examples. */
const SUMS = { totalFen: 2500, selfPaidFen: 0, overLimitFen: 0, firstSelfPayFen: 250, inScopeFen: 2250 }

const OUTPATIENT_BILL = { batch: 'B1', useAccount: true, ...SUMS }
const INPATIENT_BILL = { discharged: '2025-03-14 10:00:00', ...SUMS }

/** `POST /v1/eligibility`. */
export const ELIGIBILITY: Examples = {
  inpatient: {
    summary: '住院：人员信息与待遇检查',
    value: { ...HEAD, credential: CREDENTIAL, medicalCategory: '21' },
  },
  outpatient: {
    summary: '门诊：只查人员信息',
    value: { ...HEAD, credential: CREDENTIAL },
  },
}

/** `POST /v1/filings`. */
export const FILING: Examples = {
  referral: {
    summary: '转入本院',
    key: 'example-filing',
    value: {
      ...HEAD,
      person: PERSON,
      insuranceType: '310',
      diagnosis: { code: 'I10.x00x002', name: '高血压' },
      toInstitution: { code: INSTITUTION, name: '庆阳市第一综合医院（虚构）' },
      destinationArea: '621000',
      hospitalAgrees: true,
      type: '3',
      referredOn: '2025-03-11',
      reason: '病情需要',
      opinion: '同意',
    },
  },
}

const visit = { ...HEAD, person: PERSON, insuranceType: '310', credential: CREDENTIAL }

/** `POST /v1/encounters`. */
export const ENCOUNTER: Examples = {
  outpatient: {
    summary: '门诊挂号，并上传诊断',
    key: 'example-visit',
    value: {
      kind: 'outpatient',
      ...visit,
      begins: '2025-03-12 08:00:00',
      visitNumber: 'MZ20250312001',
      doctor: DOCTOR,
      department: MEDICINE,
      specialty: 'A03',
      medicalCategory: '11',
      diagnoses: [diagnosis('内科', '2025-03-12 08:00:00')],
    },
  },
  inpatient: {
    summary: '入院办理',
    key: 'example-stay',
    value: {
      kind: 'inpatient',
      ...visit,
      begins: '2025-03-12 09:00:00',
      visitNumber: 'ZY20250312001',
      doctor: DOCTOR,
      department: SURGERY,
      bed: '12',
      medicalCategory: '21',
      admissionDiagnosis: '高血压',
      diagnoses: [diagnosis('普外科', '2025-03-12 09:00:00')],
    },
  },
}

/** `POST /v1/encounters/{encounter}/lines`. */
export const LINES: Examples = {
  outpatient: {
    summary: '门诊费用，按本院编码',
    key: 'example-visit-lines',
    value: { batch: 'B1', lines: [line('F1', '2025-03-12 08:10:00', MEDICINE)] },
  },
  inpatient: {
    summary: '住院费用，按本院编码',
    key: 'example-stay-lines',
    value: { lines: [line('F1', '2025-03-12 10:00:00', SURGERY)] },
  },
}

/** `POST /v1/encounters/{encounter}/pre-settlement`. */
export const TRIAL: Examples = {
  outpatient: { summary: '门诊', value: OUTPATIENT_BILL },
  inpatient: { summary: '住院', value: INPATIENT_BILL },
}

/** `POST /v1/encounters/{encounter}/settlement`. */
export const SETTLEMENT: Examples = {
  outpatient: { summary: '门诊', key: 'example-visit-settlement', value: OUTPATIENT_BILL },
  inpatient: { summary: '住院，先办理出院', key: 'example-stay-settlement', value: INPATIENT_BILL },
}

/** `POST /v1/settlements/{settlement}/cancellation`. The encounter comes from the answer to the settlement. */
export const CANCELLATION: Examples = {
  outpatient: {
    summary: '门诊',
    key: 'example-visit-cancellation',
    value: { encounter: '结算应答中的encounter' },
  },
  inpatient: {
    summary: '住院',
    key: 'example-stay-cancellation',
    value: { encounter: '结算应答中的encounter' },
  },
}

/** `POST /v1/encounters/{encounter}/discharge`. */
export const DISCHARGE: Examples = {
  inpatient: {
    summary: '出院办理',
    key: 'example-stay-discharge',
    value: {
      ends: '2025-03-14 10:00:00',
      department: SURGERY,
      bed: '12',
      way: '1',
      diagnoses: [diagnosis('普外科', '2025-03-12 09:00:00')],
    },
  },
}

/** A purchase at a pharmacy, by the same person. */
const BUYING = {
  institution: 'P62100290001',
  insuredArea: INSURED,
  person: PERSON,
  credential: CREDENTIAL,
  insuranceType: '310',
  begins: '2025-03-12 10:00:00',
  totalFen: 2500,
  account: 'own',
  lines: [
    {
      serial: 'F1',
      localCode: 'Y0001',
      at: '2025-03-12 10:00:00',
      priceYuan: '12.50',
      quantity: '2',
      totalFen: 2500,
      traceCodes: [{ code: '81000000000000000001' }, { code: '81000000000000000002' }],
    },
  ],
}

/** `POST /v1/purchases/pre-settlement`. */
export const PURCHASE_TRIAL: Examples = { purchase: { summary: '购药，按本店编码', value: BUYING } }

/** `POST /v1/purchases`. */
export const PURCHASE: Examples = {
  purchase: { summary: '购药，按本店编码', key: 'example-purchase', value: BUYING },
}

/** `POST /v1/encounters/{encounter}/self-pay`. */
export const SELF_PAY: Examples = {
  inpatient: {
    summary: '撤销结算后由病人全额自费',
    key: 'example-stay-self-pay',
    value: { admitted: '2025-03-12', discharged: '2025-03-14', totalFen: 2500 },
  },
}
