/** A hospital's signature covers what the hospital wrote: it does not go on over what the gateway sends. */
import { describe, expect, it } from 'vitest'
import { openEnvelope } from '../../adapters/000000-national/envelope.ts'
import national from '../../adapters/000000-national/index.ts'
import type { Envelope } from '../../src/extension/dialect.ts'
import type { NationalCodes } from '../../src/extension/national-codes.ts'
import { bytes, fixture, SYSTEMS } from './fixtures.ts'

const SIGNED = { cainfo: 'MEUCIQDsignature', signtype: 'SM2' }
const NOTHING: NationalCodes = []
const WAYS: [string, (body: Buffer) => Envelope][] = [
  ['by its bytes', (body) => national.open(body, null)],
  ['the general way', (body) => openEnvelope(body, national.operations)],
]

describe.each(WAYS)('a signed message, read %s', (_way, open) => {
  it.each(['2201', '2203', '2204', '2207', '2401', '5203'])(
    '%s: goes on without the signature',
    (operation) => {
      const { request } = fixture(operation)
      for (const body of [
        bytes({ ...request, ...SIGNED }),
        bytes({ ...SIGNED, ...request, cainfo: SIGNED.cainfo, signtype: '' }),
      ]) {
        const message = national.read(open(body), SYSTEMS)
        const sent = national.encode(national.place(message, NOTHING)).toString()
        expect(JSON.parse(sent)).toEqual({ ...request, cainfo: '', signtype: '' })
      }
    },
  )

  it('has the body hash of the same message without a signature', () => {
    const { request } = fixture('2207')
    const [one, other] = [open(bytes(request)), open(bytes({ ...request, ...SIGNED }))]
    expect(Buffer.from(other.inputBytes())).toEqual(Buffer.from(one.inputBytes()))
  })
})

it('an unsigned message read by its bytes goes on byte for byte', () => {
  const body = bytes(fixture('2207').request)
  expect(national.open(body, null).document.bytes()).toBe(body)
})

it('a signed message is still read by its bytes', () => {
  const body = bytes({ ...fixture('2207').request, ...SIGNED })
  expect(national.open(body, null).judged).toBeDefined()
})
