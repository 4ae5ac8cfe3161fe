/** Evidence as journals before the list of codes have it: two counts, and a failure reason in the place of the standard. */
import type { CodeEvidence, CodeFault } from './evidence.ts'

/** What it said. */
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

/** The same in today's form. */
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
