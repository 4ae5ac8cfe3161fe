/** What a platform has given to sign with: asked for at the start, never shown; each request is signed anew. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import type { Instant } from '../../src/domain/day.ts'
import type { Departure } from '../../src/extension/departure.ts'
import { readCredentials } from '../../src/pipeline/credentials.ts'
import { createSpeaks, headersOf } from '../../src/pipeline/spoken.ts'
import { messageOf } from '../adapters/fixtures.ts'

const directory = mkdtempSync(join(tmpdir(), 'zhijie-'))
afterAll(() => rmSync(directory, { recursive: true }))

function fileOf(text: string): string {
  const file = join(directory, 'credentials.json')
  writeFileSync(file, text)
  return file
}

const tokens: string[] = []
const ports = {
  clock: { now: () => 7 as Instant, elapsed: () => 0, after: () => () => {} },
  random: { next: () => 0, token: () => `token-${tokens.push('')}` },
}

const signing = {
  ...national,
  id: '990001-signing',
  credentials: ['key', 'secret'],
  requestHeaders: (_: unknown, __: Buffer, { at, nonce, credentials }: Departure) => ({
    signed: `${credentials.key} ${credentials.secret} ${at} ${nonce}`,
  }),
}

it('without a file there are none', () => {
  expect(readCredentials(null)).toEqual({})
})

it('a file that is not usable stops the start, and nothing of what is in it is told', () => {
  const told = (text: string) => {
    try {
      readCredentials(fileOf(text))
    } catch (cause) {
      return (cause as Error).message
    }
    throw new Error('It was taken')
  }
  expect(told('{"430000":{"secret":"hush"')).toMatch(
    /^ZHIJIE_CREDENTIALS: the file .* is not usable\. It is not JSON\.$/,
  )
  expect(told('{"430000":{"secret":"hush","key":1}}')).not.toContain('hush')
  expect(told('{"430100":{"secret":"hush"}}')).toContain('province code such as 430000')
  expect(() => readCredentials(join(directory, 'none.json'))).toThrow('no such file')
})

it('a dialect that lacks what it signs with stops the start, and the message says what to set', () => {
  const chosen = { 440000: signing.id }
  const open = (credentials: Record<string, Record<string, string>>) =>
    createSpeaks([national, signing], chosen, { ...ports, credentials })
  expect(() => open({ 440000: { key: 'k' } })).toThrow(
    'The platform 440000 speaks 990001-signing, which signs with secret: name them under "440000" in the file of ZHIJIE_CREDENTIALS',
  )
  expect(() => open({ 430000: { key: 'k', secret: 's' } })).toThrow('which signs with key, secret')
  expect(open({ 440000: { key: 'k', secret: 's' } }).spoken.by('440000').id).toBe(signing.id)
})

it('each request that leaves is signed anew, with what its own platform has given', () => {
  const credentials = { 340000: { key: 'a', secret: 'b' }, 440000: { key: 'k', secret: 's' } }
  const chosen = { 340000: signing.id, 440000: signing.id }
  const speaks = createSpeaks([national, signing], chosen, { ...ports, credentials })
  const message = messageOf('2207')
  const area = { ...message, insuredArea: '440100', treatmentArea: '440300' } as typeof message
  const bytes = Buffer.alloc(0)
  const headers = headersOf(speaks, { dialect: signing, bytes }, area)
  const [first, second] = [headers(), headers()]
  expect(first.slice(-2)).toEqual(['signed', `k s 7 token-${tokens.length - 1}`])
  expect(second.slice(-2)).toEqual(['signed', `k s 7 token-${tokens.length}`])
  expect(headersOf(speaks, { dialect: national, bytes }, area)()).toEqual([
    'content-type',
    national.contentType,
  ])
})
