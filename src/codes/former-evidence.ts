/**
 * Evidence in the former format: two counts instead of the list of codes, and a failure reason in place of
 * the standard.
 */
import type { CodeEvidence, CodeFault } from './evidence.ts'

/** The former fields. */
export interface FormerEvidence {
  readonly lines: number
  readonly diagnoses: number
  readonly editions: Readonly<Record<string, string>>
  readonly faults?: readonly (readonly [
    at: string,
    reason: 'E501' | 'E502',
    why: CodeFault[2],
    system: string,
    code: string,
    name: string,
    fen: number,
  ])[]
  readonly further?: CodeEvidence['warned']
}

/** Converts it to today's format. */
export function fromFormer({ lines, diagnoses, editions, faults, further }: FormerEvidence): CodeEvidence {
  const told = faults?.map(
    ([at, reason, why, system, code, name, fen]): CodeFault =>
      reason === 'E501'
        ? [at, 'item', why, system, code, name, fen]
        : [at, 'diagnosis', why, system, code, name, null],
  )
  return {
    codes: { item: lines, diagnosis: diagnoses },
    editions,
    ...(told && { faults: told }),
    ...(further && { warned: further }),
  }
}
