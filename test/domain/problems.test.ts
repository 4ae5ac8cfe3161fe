/** Every problem has both titles and a status that fits what may be done next, and an error carries its row. */
import { describe, expect, it } from 'vitest'
import { GatewayError, PROBLEMS, type ProblemCode } from '../../src/domain/problems.ts'

const codes = Object.keys(PROBLEMS) as ProblemCode[]

describe('PROBLEMS', () => {
  it.each(codes)('%s has an English and a Chinese title without a full stop', (code) => {
    const { title, zh } = PROBLEMS[code]
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(zh).toMatch(/^[^。]*\p{Script=Han}[^。]*$/u)
  })

  it('names every row by its own title', () => {
    expect(new Set(codes.map((code) => PROBLEMS[code].title)).size).toBe(codes.length)
    expect(new Set(codes.map((code) => PROBLEMS[code].zh)).size).toBe(codes.length)
  })

  it('knows only failure reasons of the form E000', () => {
    const reasons = codes.map((code) => PROBLEMS[code].reason).filter((reason) => reason !== null)
    expect(reasons.every((reason) => /^E\d{3}$/.test(reason))).toBe(true)
  })

  it.each(codes)('%s: the status fits what may be done next', (code) => {
    const { status, retry } = PROBLEMS[code]
    if (status === 503) expect(retry).toBe('same-key')
    if (status === 500 || status === 504) expect(retry).toBe('inquire-first')
    if (retry === 'never') expect(status).toBeLessThan(500)
  })
})

describe('GatewayError', () => {
  it.each(codes)('%s gives its row', (code) => {
    expect(new GatewayError(code, 'receive', '说明').row).toBe(PROBLEMS[code])
  })

  it('keeps stage, sentence, further members and cause', () => {
    const cause = new Error('disk full')
    const error = new GatewayError('journal-down', 'journal', '交易日志无法写入', { lines: [1] }, cause)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'GatewayError',
      code: 'journal-down',
      stage: 'journal',
      message: '交易日志无法写入',
      extra: { lines: [1] },
      cause,
    })
    expect(new GatewayError('not-found', 'receive', '没有').extra).toEqual({})
  })
})
