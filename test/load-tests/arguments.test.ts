/** What `npm run load` is told is read or refused in one sentence. */
import { describe, expect, it } from 'vitest'
import { ArgumentFault, helpText, readArguments } from '../../load-tests/kit/arguments.ts'
import { PROFILES } from '../../load-tests/kit/profiles.ts'

const read = (line: string) => readArguments(line === '' ? [] : line.split(' '))

describe('readArguments()', () => {
  it('of nothing is the closed loop', () => {
    expect(read('')).toEqual({ kind: 'closed', seconds: 10, counters: 16, json: false })
    expect(read('--seconds 3 --counters 2 --json')).toEqual({
      kind: 'closed',
      seconds: 3,
      counters: 2,
      json: true,
    })
  })

  it('of a profile takes its rate and minutes, or those given', () => {
    const { rate, minutes } = PROFILES['month-end']
    expect(read('--profile month-end')).toMatchObject({ kind: 'profile', rate, minutes, seed: 1, dark: null })
    const given =
      '--profile one-province-dark --rate 5.5 --minutes 0.1 --seed 9 --dark 440000 --report a.html'
    expect(read(given)).toMatchObject({ rate: 5.5, minutes: 0.1, seed: 9, dark: '440000', report: 'a.html' })
  })

  it.each([
    ['--profile rush', 'There is no profile "rush"; the profiles are morning-peak,'],
    ['--profile month-end --rate 0', '--rate takes a number above 0'],
    ['--profile month-end --rate fast', '--rate takes a number'],
    ['--profile month-end --minutes 1e3', '--minutes takes a number'],
    ['--profile month-end --seed 1.5', '--seed takes a whole number'],
    ['--profile month-end --dark 440000', 'Nothing goes dark in month-end'],
    ['--profile month-end --dark-call a', 'Nothing goes dark in month-end'],
    ['--profile one-province-dark --dark guangdong', '--dark takes an insured province of six digits'],
    ['--profile one-province-dark --dark-command x', 'Say with --dark which insured province'],
    ['--profile month-end --counters 3', '--counters is for a run without --profile'],
    ['--rate 3', '--rate needs --profile'],
    ['--counters 0', '--counters takes a whole number from 1'],
    ['--fast', "Unknown option '--fast'"],
    ['fast', "Unexpected argument 'fast'"],
  ])('refuses "%s" in one sentence', (line, sentence) => {
    expect(() => read(line)).toThrow(ArgumentFault)
    expect(() => read(line)).toThrow(sentence)
  })
})

describe('helpText()', () => {
  it('names every profile, and fits a terminal', () => {
    expect(read('--help')).toEqual({ kind: 'help' })
    for (const name of Object.keys(PROFILES)) expect(helpText()).toContain(name)
  })
})
