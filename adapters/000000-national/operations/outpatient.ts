/** 2201, 2202 and 2203: registration of an outpatient visit, its withdrawal, and the details of the visit. */
import type { Operation } from '../../../src/extension/dialect.ts'
import type { Evidence } from '../../../src/extension/evidence.ts'
import { DOCUMENTS_READ, dayOfField, documentsOf, givenText } from '../claim.ts'
import { encounterOf, visitQuestion } from '../evidence.ts'
import { input2201, input2202, input2203, output2201 } from '../schemas/outpatient.ts'

type Input = { readonly data: Record<string, unknown> }

const registered: Evidence = {
  questions: [
    visitQuestion((encounter, { subject }) => ({
      data: { mdtrt_id: encounter, psn_no: subject.person, ipt_otp_no: subject.visitNumber },
    })),
  ],
}

/** Outpatient registration, its withdrawal, visit details. */
export const outpatient: readonly Operation[] = [
  {
    transaction: '2201',
    name: 'registration',
    title: '门诊挂号',
    kind: 'write',
    needsLane: true,
    opens: { visit: 'outpatient', node: 'data' },
    path: 'outpatientDocInfoService/outpatientRregistration',
    input: input2201,
    output: output2201,
    subject(input) {
      const { data } = input as Input
      return {
        person: givenText(data, 'psn_no'),
        visitNumber: givenText(data, 'ipt_otp_no'),
        category: '11',
        insurance: givenText(data, 'insutype'),
        day: dayOfField(data, 'begntime'),
        documents: documentsOf(data),
      }
    },
    reads: ['psn_no', 'ipt_otp_no', 'insutype', 'begntime', ...DOCUMENTS_READ].map(
      (field) => `data.${field}`,
    ),
    encounter: (output) => encounterOf((output as { data?: unknown } | null)?.data),
    evidence: registered,
  },
  {
    transaction: '2202',
    name: 'registration-withdrawal',
    title: '门诊挂号撤销',
    kind: 'write',
    path: 'outpatientDocInfoService/outpatientRegistrationCancel',
    withdraws: 'opening',
    input: input2202,
    output: null,
    subject(input) {
      const { data } = input as Input
      return { person: givenText(data, 'psn_no'), encounter: givenText(data, 'mdtrt_id') }
    },
    evidence: { resend: true },
  },
  {
    transaction: '2203',
    name: 'visit-details',
    title: '门诊就诊信息上传',
    kind: 'write',
    needsLane: true,
    path: 'outpatientDocInfoService/outpatientMdtrtinfoUp',
    input: input2203,
    output: null,
    subject(input) {
      const visit = (input as { mdtrtinfo: Record<string, unknown> }).mdtrtinfo
      return {
        person: givenText(visit, 'psn_no'),
        encounter: givenText(visit, 'mdtrt_id'),
        category: givenText(visit, 'med_type'),
        day: dayOfField(visit, 'begntime'),
      }
    },
    evidence: { resend: true },
  },
]
