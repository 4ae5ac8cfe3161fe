/** What the journal keeps of a translation: enough to recompute the reports, but no personal data. */
import { type FormerEvidence, fromFormer } from './former-evidence.ts'
import type { ResolveReason } from './outcome.ts'

/** A code that needed a usable national one and has none, as kept for the mapping-quality report. */
export type CodeFault = readonly [
  at: string,
  standard: string,
  why: ResolveReason | 'several-together',
  system: string,
  code: string,
  /** As received; empty if the message carries none. */
  name: string,
  /** Amount of its line in fen; null if it has none. */
  fen: number | null,
]

/** A code that was passed on unchanged with a warning (`CodeWarning`). Empty if it may name a person. */
export type WarnedCode = readonly [field: string, standard: string, reason: string, code: string]

/**
 * Index entry of a translation, as JSON: how many codes there were, which editions translated them, and which
 * could not be translated. Codes and their names only, no personal data.
 */
export interface CodeEvidence {
  /** Counts by standard: codes that had to be national, and codes that a map translated. */
  readonly codes: Readonly<Record<string, number>>
  /** Edition version by standard. */
  readonly editions: Readonly<Record<string, string>>
  readonly faults?: readonly CodeFault[]
  /** Codes that the answer warned about; absent if there are none. */
  readonly warned?: readonly WarnedCode[]
}

/**
 * The map row that translated a code, and the places in the message where it did: `[given code, national
 * code, system@version, provenance or an empty text, F1]`. A row may name several places, and one code may
 * have several rows. A bill may have hundreds, so they are kept only in the journal, as compressed JSON
 * beside the evidence.
 */
export type MappedRow = readonly [code: string, national: string, map: string, from: string, ...at: string[]]

/**
 * JSON of a `MappedRow` up to its first place. It is equal for all lines with the same code, so it is built
 * with the answer and cached with it.
 */
export function mappedHead(code: string, national: string, map: string, from: string): string {
  return JSON.stringify([code, national, map, from]).slice(0, -1)
}

/** The place that closes a row: `,"F1"]`. */
export function mappedPlace(at: string): string {
  return isPlain(at) ? `,"${at}"]` : `,${JSON.stringify(at)}]`
}

/** Whether JSON needs no escapes for a text. Line numbers are digits and letters, and a bill has hundreds. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false
  }
  return true
}

/** Reads the evidence of an exchange; null if it has another form. */
export function readEvidence(text: string): CodeEvidence | null {
  const evidence = JSON.parse(text) as Partial<CodeEvidence> & Partial<FormerEvidence>
  if (typeof evidence.lines === 'number') return fromFormer(evidence as FormerEvidence)
  return typeof evidence.codes === 'object' ? (evidence as CodeEvidence) : null
}
