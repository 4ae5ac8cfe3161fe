/** A body in UTF-8 is read as such whatever it is called, and one in GB18030 where its type says so. */
import { expect, it } from 'vitest'
import { inUtf8 } from '../../src/http/unpack.ts'

const TEXT = '{"name":"门诊"}'
const GBK = { 'content-type': 'application/json; charset=GBK' }

it('UTF-8 that calls itself GBK stays as it is, though its bytes could be read as GBK too', () => {
  const bytes = Buffer.from(TEXT)
  expect(new TextDecoder('gb18030', { fatal: true }).decode(bytes)).not.toBe(TEXT)
  expect(inUtf8(bytes, GBK).toString()).toBe(TEXT)
})

it('GBK is read by its charset', () => {
  const bytes = Buffer.from([...Buffer.from('{"name":"'), 0xc3, 0xc5, 0xd5, 0xef, ...Buffer.from('"}')])
  expect(inUtf8(bytes, GBK).toString()).toBe(TEXT)
})
