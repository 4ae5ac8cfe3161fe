/** A platform is back once it answers a question about nobody, and not when it is busy or cannot be read. */
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import type { Instant } from '../../src/domain/day.ts'
import { probeOf } from '../../src/pipeline/probe.ts'
import { BILL, envelope, HOSPITAL } from './recovery-support.ts'

const clock = { now: () => Date.UTC(2026, 2, 2, 1, 0) as Instant }
const ids = { message: () => `${HOSPITAL}202603020900009999` }
const about = national.read(
  national.open(Buffer.from(JSON.stringify(envelope('2207', `${HOSPITAL}202603020900000001`, BILL))), null),
  { item: 'national', diagnosis: 'national' },
)
const probe = () => probeOf({ dialect: national, ids, clock } as never, about)
const told = (answer: object) => () => probe().read(Buffer.from(JSON.stringify(answer)))
const yes = (output: unknown) => told({ infcode: 0, inf_refmsgid: '1', err_msg: '', output })
const no = (err_msg: string) => told({ infcode: -1, inf_refmsgid: '1', err_msg, output: null })

describe('a platform is back that answers the question about nobody', () => {
  it.each<[string, () => void]>([
    ['that there is no such person', no('未查询到该人员信息')],
    ['with a no without a word', no('')],
    ['with a yes that has nobody in it', yes({})],
    ['with a yes without an output', yes(null)],
    [
      'with the person that it shows whoever is asked for',
      yes({ baseinfo: { psn_no: 'P1', certno: '990101200001010008' } }),
    ],
  ])('%s', (_what, read) => {
    expect(read).not.toThrow()
  })

  it.each<[string, () => void]>([
    ['that the insured place does not answer', no('E704 参保地平台无响应')],
    ['that it is too busy', no('系统繁忙，请稍后再试')],
    ['what nobody can read', told({ hello: 'world' })],
    ['with a page of a proxy', () => probe().read(Buffer.from('<html>'))],
  ])('and not one that answers %s', (_what, read) => {
    expect(read).toThrow()
  })
})
