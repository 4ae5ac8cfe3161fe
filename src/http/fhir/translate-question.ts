/** Parameters of `ConceptMap/$translate`, under the names of either release or of R6. */
import { badRequest } from './operation-outcome.ts'
import type { Coding, GivenParameters, Raw, Spec } from './parameters.ts'
import type { Release } from './release.ts'
import type { SystemNames } from './systems.ts'

/**
 * Release whose parameter names a query uses. R6 names the systems of both sides, and terminology clients send its
 * names to servers of every release. Source: HL7/fhir-tx-ecosystem-ig 888e84d, tests/translate. [F]
 */
export type Spelling = Release | 'r6'

const COMMON = {
  url: 'text',
  conceptMapVersion: 'text',
  system: 'text',
  version: 'text',
  date: 'day',
} as const satisfies Spec

/** Parameters by release. `date` is our own: the day of the translation. */
export const TRANSLATE = {
  r4: {
    ...COMMON,
    code: 'text',
    coding: 'coding',
    codeableConcept: 'concept',
    source: 'text',
    target: 'text',
    targetsystem: 'text',
    reverse: 'boolean',
  },
  r5: {
    ...COMMON,
    sourceCode: 'text',
    sourceCoding: 'coding',
    sourceCodeableConcept: 'concept',
    targetCode: 'text',
    targetCoding: 'coding',
    targetCodeableConcept: 'concept',
    sourceScope: 'text',
    targetScope: 'text',
    targetSystem: 'text',
  },
  r6: {
    url: 'text',
    conceptMapVersion: 'text',
    sourceSystem: 'text',
    sourceCode: 'text',
    sourceCoding: 'coding',
    sourceCodeableConcept: 'concept',
    sourceScope: 'text',
    targetSystem: 'text',
    targetCode: 'text',
    targetCoding: 'coding',
    targetCodeableConcept: 'concept',
    targetScope: 'text',
    version: 'text',
    date: 'day',
    // R4 names, which clients also send together with `sourceSystem` (tests/tx.fhir.org/snomed-translate).
    code: 'text',
    coding: 'coding',
    codeableConcept: 'concept',
  },
} as const satisfies Record<Spelling, Spec>

/**
 * Detects the release of the names: `sourceSystem` occurs only in R6, and on the R4 endpoint so does a source or
 * target coding.
 */
export function parameterSpelling(release: Release, raw: readonly Raw[]): Spelling {
  const ofR6 =
    release === 'r4' ? /^(?:sourceSystem|(?:source|target)(?:Coding|CodeableConcept))$/ : /^sourceSystem$/
  return raw.some(({ name }) => ofR6.test(name)) ? 'r6' : release
}

/** Parameters of the other release, with their names here. */
export const OTHER_NAMES = {
  r4: {
    sourceCode: 'code',
    sourceCoding: 'coding',
    sourceCodeableConcept: 'codeableConcept',
    targetCode: 'code与reverse=true',
    targetCoding: 'coding与reverse=true',
    targetCodeableConcept: 'codeableConcept与reverse=true',
    sourceScope: 'source',
    targetScope: 'target',
    targetSystem: 'targetsystem',
  },
  r5: {
    code: 'sourceCode（反查用targetCode）',
    coding: 'sourceCoding（反查用targetCoding）',
    codeableConcept: 'sourceCodeableConcept（反查用targetCodeableConcept）',
    source: 'sourceScope',
    target: 'targetScope',
    targetsystem: 'targetSystem',
    reverse: 'targetCode',
  },
} as const satisfies Record<Release, Readonly<Record<string, string>>>

/** The query in one normal form. */
export interface TranslateQuestion {
  readonly spelling: Spelling
  /** Each with code and system, unless `anyTarget`. */
  readonly codings: readonly Coding[]
  /** Whether they came in a CodeableConcept: an unreadable one then does not fail the others. */
  readonly concept: boolean
  /** The codes are national, and all local ones that map to them are wanted. */
  readonly reverse: boolean
  /** The codes belong to any national system that the named local system is mapped to. */
  readonly anyTarget: boolean
  /** Addresses that restrict the answer: each is a code system, or the value set of all its codes. */
  readonly narrowed: readonly string[]
  readonly url: string | undefined
  readonly mapVersion: string | undefined
}

interface Side {
  readonly code?: string | undefined
  readonly coding?: readonly Coding[] | undefined
  readonly concept?: readonly Coding[] | undefined
}

/** Both sides of a query: the code on one of them, and the named systems. */
interface Sides {
  readonly source: Side
  readonly target: Side
  /** System of a source code. */
  readonly sourceSystem: string | undefined
  /** System of a target code. */
  readonly targetSystem: string | undefined
  /** Addresses that only restrict. */
  readonly scopes: readonly (string | undefined)[]
}

function sidesOf(spelling: Spelling, { texts, flags, codings }: GivenParameters, names: SystemNames): Sides {
  const { system, sourceScope, targetScope } = texts
  const plain = { code: texts.code, coding: codings.coding, concept: codings.codeableConcept }
  if (spelling === 'r4') {
    const scopes = [texts.source, texts.target, texts.targetsystem]
    return flags.reverse
      ? { source: {}, target: plain, sourceSystem: undefined, targetSystem: system, scopes }
      : { source: plain, target: {}, sourceSystem: system, targetSystem: undefined, scopes }
  }
  const target = {
    code: texts.targetCode,
    coding: codings.targetCoding,
    concept: codings.targetCodeableConcept,
  }
  const source = {
    code: texts.sourceCode ?? plain.code,
    coding: codings.sourceCoding ?? plain.coding,
    concept: codings.sourceCodeableConcept ?? plain.concept,
  }
  const { targetSystem } = texts
  if (spelling === 'r6') {
    const { sourceSystem } = texts
    return { source, target, sourceSystem, targetSystem, scopes: [sourceScope, targetScope] }
  }
  // R5 has a single `system`: with a target code it is that code's, or the system in which sources are searched.
  const ofSource =
    system !== undefined && (targetSystem !== undefined || names.read(system)?.kind === 'local')
  const reverse = Object.values(target).some((way) => way !== undefined)
  if (!reverse)
    return { source, target, sourceSystem: system, targetSystem, scopes: [sourceScope, targetScope] }
  return {
    source,
    target,
    sourceSystem: ofSource ? system : undefined,
    targetSystem: ofSource ? targetSystem : (system ?? targetSystem),
    scopes: [sourceScope, targetScope],
  }
}

function waysOf({ code, coding, concept }: Side, system: string | undefined, version: string | undefined) {
  const single: Coding[] | undefined = code === undefined ? undefined : [{ code, system, version }]
  return [single, coding, concept].filter((way) => way !== undefined)
}

/** @throws {FhirFault} unless exactly one code is given, with its system */
export function translateQuestion(
  spelling: Spelling,
  given: GivenParameters,
  names: SystemNames,
): TranslateQuestion {
  const { version, url, conceptMapVersion: mapVersion } = given.texts
  const { source, target, sourceSystem, targetSystem, scopes } = sidesOf(spelling, given, names)
  const forwards = waysOf(source, sourceSystem, version)
  // The scope's code system is that of the code if nothing else names one.
  const ofScope = given.texts.targetScope
  const backwards = waysOf(target, targetSystem ?? ofScope, version)
  const ways = [...forwards, ...backwards]
  const name = spelling === 'r4' ? 'code、coding、codeableConcept' : 'sourceCode、targetCode等'
  const [codings] = ways
  if (ways.length !== 1 || !codings) throw badRequest(`须给出且只能给出一个：${name}`, 'required')
  const reverse = backwards.length > 0
  const concept = (reverse ? target : source).concept !== undefined
  const anyTarget =
    reverse &&
    !concept &&
    sourceSystem !== undefined &&
    names.read(sourceSystem)?.kind === 'local' &&
    codings.every((one) => one.code !== undefined && one.system === undefined)
  if (!concept && !anyTarget && codings.some((one) => one.system === undefined)) {
    throw badRequest('编码须注明编码体系：请给出system', 'required')
  }
  if (!concept && codings.some((one) => one.code === undefined)) throw badRequest('须给出code', 'required')
  const narrowed = [...scopes, reverse ? sourceSystem : targetSystem].filter((one) => one !== undefined)
  return { spelling, codings, concept, reverse, anyTarget, narrowed, url, mapVersion }
}
