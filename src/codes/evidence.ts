/** What the journal keeps of a translation: enough to recompute the reports, nothing of the person. */
import { type FormerEvidence, fromFormer } from './former-evidence.ts'
import type { ResolveReason } from './outcome.ts'

/** A code that had to be national and has no usable national one, as the journal keeps it for the mapping-quality report. */
export type CodeFault = readonly [
  at: string,
  standard: string,
  why: ResolveReason | 'several-together',
  system: string,
  code: string,
  /** As it came; empty where the message carries none. */
  name: string,
  /** Amount of its line in fen; null where it has none of its own. */
  fen: number | null,
]

/** A code that went on as it came and was told (`CodeWarning`). The code is empty where it may name a person. */
export type WarnedCode = readonly [field: string, standard: string, reason: string, code: string]

/**
 * What the index keeps of a translation, as JSON: how many codes there were, which editions made them national, or which
 * could not be. Codes and their names only, nothing of the person.
 */
export interface CodeEvidence {
  /** How many by standard: what had to be national, and what a map made so. */
  readonly codes: Readonly<Record<string, number>>
  /** Version of the edition by standard. */
  readonly editions: Readonly<Record<string, string>>
  readonly faults?: readonly CodeFault[]
  /** Codes that were told beside the answer; absent where none was. */
  readonly warned?: readonly WarnedCode[]
}

/**
 * The row of a map that made a code national, and where in the message it did: `[given code, national code,
 * system@version, provenance or an empty text, F1]`. A row may name several places, and rows of one code may follow each
 * other: a bill may have hundreds, so they rest in the journal alone, as JSON beside the evidence, and are packed there.
 */
export type MappedRow = readonly [code: string, national: string, map: string, from: string, ...at: string[]]

/**
 * The begin of a `MappedRow` in JSON, up to its first place. It is the same for every line that has the code, so it is
 * made with the answer and kept with it.
 */
export function mappedHead(code: string, national: string, map: string, from: string): string {
  return JSON.stringify([code, national, map, from]).slice(0, -1)
}

/** The place that ends a row: `,"F1"]`. */
export function mappedPlace(at: string): string {
  return isPlain(at) ? `,"${at}"]` : `,${JSON.stringify(at)}]`
}

/** Whether JSON writes a text as it is: line numbers are digits and letters, and there are hundreds of them. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false
  }
  return true
}

/** Reads the evidence of an exchange; null where it is of another form. */
export function readEvidence(text: string): CodeEvidence | null {
  const evidence = JSON.parse(text) as Partial<CodeEvidence> & Partial<FormerEvidence>
  if (typeof evidence.lines === 'number') return fromFormer(evidence as FormerEvidence)
  return typeof evidence.codes === 'object' ? (evidence as CodeEvidence) : null
}
