/** 1101, 2001 and 2501: who the person is, what the person is entitled to, and the filing of a referral. */
import type { Operation } from '../../../src/extension/dialect.ts'
import { dayOfField, documentsOf, givenText } from '../claim.ts'
import { input1101, input2001, input2501, output1101, output2001, output2501 } from '../schemas/person.ts'

type Input = { readonly data: Record<string, unknown> }

/** Person query, entitlement check, referral filing. */
export const person: readonly Operation[] = [
  {
    transaction: '1101',
    name: 'person-query',
    title: '人员基本信息获取',
    kind: 'query',
    path: 'fsiPsnInfoService/queryPsnInfo',
    input: input1101,
    output: output1101,
    subject: (input) => ({ documents: documentsOf((input as Input).data) }),
  },
  {
    transaction: '2001',
    name: 'entitlement-query',
    title: '人员待遇享受检查',
    kind: 'query',
    path: 'fsiPsnPriorityInfoService/queryPsnPriorityInfo',
    input: input2001,
    output: output2001,
    subject(input) {
      const { data } = input as Input
      return {
        person: givenText(data, 'psn_no'),
        category: givenText(data, 'med_type'),
        day: dayOfField(data, 'begntime'),
      }
    },
  },
  {
    transaction: '2501',
    name: 'filing',
    title: '转院备案',
    kind: 'write',
    path: null,
    input: input2501,
    output: output2501,
    subject(input) {
      const refmedin = (input as { refmedin: Record<string, unknown> }).refmedin
      return {
        person: givenText(refmedin, 'psn_no'),
        day: dayOfField(refmedin, 'refl_date'),
      }
    },
  },
]
