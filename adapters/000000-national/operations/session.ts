/** 9001 and 9002: the clerk signs in and out. `sign_no` then stands in every envelope; several regions do not check it. */
import type { Operation } from '../../../src/extension/dialect.ts'
import { input9001, input9002, output9001, output9002 } from '../schemas/session.ts'

/** Sign-in and sign-out. */
export const session: readonly Operation[] = [
  {
    transaction: '9001',
    name: 'sign-in',
    title: '签到',
    kind: 'session',
    path: 'signInSignOutService/signIn',
    input: input9001,
    output: output9001,
    subject: () => ({}),
  },
  {
    transaction: '9002',
    name: 'sign-out',
    title: '签退',
    kind: 'session',
    path: null,
    input: input9002,
    output: output9002,
    subject: () => ({}),
  },
]
