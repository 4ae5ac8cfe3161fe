/** What `ConceptMap/$translate` is asked, under the names of either release. */
import { badRequest } from './fault.ts'
import type { Coding, Given, Spec } from './parameters.ts'
import type { Release } from './release.ts'

const COMMON = {
  url: 'text',
  conceptMapVersion: 'text',
  system: 'text',
  version: 'text',
  date: 'day',
} as const satisfies Spec

/** Parameters by release. `date` is ours: the day for which codes are translated. */
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
} as const satisfies Record<Release, Spec>

/** Names that belong to the other release, with what they are called here. */
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

/** The question in one form. */
export interface TranslateQuestion {
  readonly codings: readonly Coding[]
  /** The codes are national, and every local one that leads to them is asked for. */
  readonly reverse: boolean
  /** Addresses that narrow the answer: each is a code system, or the value set of all its codes. */
  readonly narrowed: readonly string[]
  readonly url: string | undefined
  readonly mapVersion: string | undefined
}

interface Side {
  readonly code?: string | undefined
  readonly coding?: readonly Coding[] | undefined
  readonly concept?: readonly Coding[] | undefined
}

function codingsOf({ code, coding, concept }: Side, system: string | undefined, version: string | undefined) {
  const single: Coding[] = code === undefined ? [] : [{ code, system, version }]
  const ways = [single, coding ?? [], concept ?? []].filter((way) => way.length > 0)
  return { ways, codings: ways[0] ?? [] }
}

/** @throws {FhirFault} where not exactly one code is given, or one without its system */
export function translateQuestion(release: Release, { texts, flags, codings }: Given): TranslateQuestion {
  const { system, version, url, conceptMapVersion: mapVersion } = texts
  const sides: readonly Side[] =
    release === 'r4'
      ? [{ code: texts.code, coding: codings.coding, concept: codings.codeableConcept }]
      : [
          { code: texts.sourceCode, coding: codings.sourceCoding, concept: codings.sourceCodeableConcept },
          { code: texts.targetCode, coding: codings.targetCoding, concept: codings.targetCodeableConcept },
        ]
  // Clients of R5 name the system of a target's code as targetSystem too; the operation has no other place for it.
  const systems = [system, system ?? texts.targetSystem]
  const read = sides.map((side, index) => codingsOf(side, systems[index], version))
  const ways = read.flatMap((side) => side.ways)
  const name = release === 'r4' ? 'code、coding、codeableConcept' : 'sourceCode、targetCode等'
  if (ways.length !== 1) throw badRequest(`须给出且只能给出一个：${name}`, 'required')
  const reverse = release === 'r4' ? (flags.reverse ?? false) : read[1]!.codings.length > 0
  if (ways[0]!.some((one) => one.system === undefined)) {
    throw badRequest('没有编码系统的编码不是编码：须给出system', 'required')
  }
  const scopes =
    release === 'r4'
      ? [texts.source, texts.target, texts.targetsystem]
      : [texts.sourceScope, texts.targetScope, texts.targetSystem]
  const narrowed = scopes.filter((one) => one !== undefined)
  return { codings: ways[0]!, reverse, narrowed, url, mapVersion }
}
