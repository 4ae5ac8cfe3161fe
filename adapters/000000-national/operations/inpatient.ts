/** 2401 to 2405: admission, its change and withdrawal, discharge and its withdrawal. */
import type { Operation, Subject } from '../../../src/extension/dialect.ts'
import { dayOfField, documentsOf, givenText } from '../claim.ts'
import { encounterOf, reversal, visitQuestion } from '../evidence.ts'
import { input2401, input2402, input2403, input2404, input2405, output2401 } from '../schemas/inpatient.ts'

type Input = Readonly<Record<string, unknown>>
type Row = Record<string, unknown>

/** What admission, change and discharge say alike, from the node that holds it. */
function stay(node: Row, dayField: string): Subject {
  return {
    person: givenText(node, 'psn_no'),
    encounter: givenText(node, 'mdtrt_id'),
    visitNumber: givenText(node, 'ipt_no') ?? givenText(node, 'ipt_otp_no'),
    category: givenText(node, 'med_type') ?? '21',
    insurance: givenText(node, 'insutype'),
    day: dayOfField(node, dayField),
    documents: documentsOf(node),
  }
}

/** A withdrawal: only the encounter and the person. */
function withdrawal(input: Input): Subject {
  const data = input.data as Row
  return { person: givenText(data, 'psn_no'), encounter: givenText(data, 'mdtrt_id'), category: '21' }
}

/** Admission, change, withdrawal, discharge, its withdrawal. */
export const inpatient: readonly Operation[] = [
  {
    transaction: '2401',
    name: 'admission',
    title: '入院办理',
    kind: 'write',
    needsLane: true,
    opens: { visit: 'inpatient', node: 'mdtrtinfo' },
    stay: 'admission',
    path: 'hospitalRegisterService/hospitalRegisterSave',
    input: input2401,
    output: output2401,
    subject: (input) => stay(input.mdtrtinfo as Row, 'begntime'),
    encounter: (output) => encounterOf((output as { result?: unknown } | null)?.result),
    evidence: {
      questions: [visitQuestion((encounter) => ({ result: { mdtrt_id: encounter } }))],
      undo: reversal,
    },
  },
  {
    transaction: '2402',
    name: 'discharge',
    title: '出院办理',
    kind: 'write',
    stay: 'discharge',
    path: 'dscgService/dischargeProcess',
    input: input2402,
    output: null,
    subject: (input) => stay(input.dscginfo as Row, 'endtime'),
    evidence: { resend: true },
  },
  {
    transaction: '2403',
    name: 'admission-change',
    title: '入院信息变更',
    kind: 'write',
    path: 'hospitalRegisterService/hospitalRegisterEdit',
    input: input2403,
    output: null,
    subject: (input) => stay(input.adminfo as Row, 'begntime'),
    evidence: { resend: true },
  },
  {
    transaction: '2404',
    name: 'admission-withdrawal',
    title: '入院撤销',
    kind: 'write',
    path: 'hospitalRegisterService/hospitalRegisterCancel',
    withdraws: 'opening',
    input: input2404,
    output: null,
    subject: withdrawal,
    evidence: { resend: true },
  },
  {
    transaction: '2405',
    name: 'discharge-withdrawal',
    title: '出院撤销',
    kind: 'write',
    path: 'dscgService/dischargeUndo',
    withdraws: 'discharge',
    input: input2405,
    output: null,
    subject: withdrawal,
    evidence: { resend: true },
  },
]
