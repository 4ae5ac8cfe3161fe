/** Parameters of an operation: from the URL for GET, from a Parameters resource for POST. */
import { z } from 'zod'
import { type Day, parseDay } from '../../domain/day.ts'
import { isInstant, shanghaiDay } from './instants.ts'
import { badRequest, type FhirFault } from './operation-outcome.ts'

/** Type of a parameter; only `texts` may be repeated. */
type Kind = 'text' | 'texts' | 'boolean' | 'day' | 'coding' | 'concept'

/** Parameters of an operation and their types. */
export type Spec = Readonly<Record<string, Kind>>

const TEXT_CHARACTERS_MAX = 1024
const PARAMETERS_MAX = 50
const CODINGS_MAX = 20

const text = z.string().min(1).max(TEXT_CHARACTERS_MAX)
const coding = z.looseObject({
  system: text.optional(),
  version: text.optional(),
  code: text.optional(),
  display: text.optional(),
})
const concept = z.looseObject({ coding: z.array(coding).max(CODINGS_MAX).default([]) })

/** A code with its system as given: either may be missing. */
export type Coding = z.infer<typeof coding>

/** A CodeableConcept as given; it may be text only. */
export type Concept = z.infer<typeof concept>

const parameter = z.looseObject({
  name: text,
  valueUri: text.optional(),
  valueCanonical: text.optional(),
  valueUrl: text.optional(),
  valueCode: text.optional(),
  valueString: text.optional(),
  valueId: text.optional(),
  valueDate: text.optional(),
  valueDateTime: text.optional(),
  valueInteger: z.int().optional(),
  valueBoolean: z.boolean().optional(),
  valueCoding: coding.optional(),
  valueCodeableConcept: concept.optional(),
})

const resource = z.looseObject({
  resourceType: z.literal('Parameters'),
  parameter: z.array(parameter).max(PARAMETERS_MAX).default([]),
})

/** The given parameters by type. */
export interface GivenParameters {
  readonly texts: Readonly<Record<string, string>>
  readonly lists: Readonly<Record<string, readonly string[]>>
  readonly flags: Readonly<Record<string, boolean>>
  readonly days: Readonly<Record<string, Day>>
  readonly codings: Readonly<Record<string, readonly Coding[]>>
  /** CodeableConcepts; their codings are also in `codings`. */
  readonly concepts: Readonly<Record<string, Concept>>
}

/** Parameters of every request that do not affect the content of the answer. */
const COMMON = new Set(['_format', '_pretty', '_summary', '_elements'])

/** One unparsed parameter. */
export interface Raw {
  readonly name: string
  readonly text?: string | undefined
  readonly flag?: boolean | undefined
  readonly codings?: readonly Coding[] | undefined
  readonly concept?: Concept | undefined
}

/** Parses the parameters of a URL. */
export function fromAddress(url: URL): readonly Raw[] {
  return [...url.searchParams].map(([name, value]) => ({ name, text: value }))
}

/** Parses a Parameters resource. @throws {FhirFault} if it is none */
export function fromBody(body: unknown): readonly Raw[] {
  const checked = resource.safeParse(body)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw badRequest(`请求体须为Parameters资源：${issue?.path.join('.') || 'resourceType'}不正确`)
  }
  return checked.data.parameter.map((one) => ({
    name: one.name,
    text:
      one.valueUri ??
      one.valueCanonical ??
      one.valueUrl ??
      one.valueCode ??
      one.valueString ??
      one.valueId ??
      one.valueDate ??
      one.valueDateTime ??
      one.valueInteger?.toString(),
    flag: one.valueBoolean,
    codings: one.valueCoding ? [one.valueCoding] : one.valueCodeableConcept?.coding,
    concept: one.valueCodeableConcept,
  }))
}

/**
 * The Shanghai day of a FHIR date or dateTime. A time without its offset, a year or a month alone is not a day.
 *
 * @throws {FhirFault} if it is none
 */
function dayIn(name: string, given: string): Day {
  try {
    return isInstant(given) ? shanghaiDay(given) : parseDay(given)
  } catch {
    throw badRequest(`参数${name}须为YYYY-MM-DD，或带时区的时间`)
  }
}

/** How to parse a request. */
export interface ParameterRules {
  /** Hints for parameters that belong elsewhere, such as to the other release. */
  readonly hints?: Readonly<Record<string, string>>
  /** Whether the caller asks to ignore unknown parameters (`Prefer: handling=lenient`). */
  readonly lenient?: boolean
}

/** Whether a caller asks to ignore unknown parameters; strict is the default. Source: FHIR R4 and R5, search. [K] */
export function isLenient(prefer: string | undefined): boolean {
  return /(?:^|[,;\s])handling\s*=\s*"?lenient"?(?:$|[,;\s])/i.test(prefer ?? '')
}

/** Whether an operation knows a parameter. */
export function isKnown(spec: Spec, name: string): boolean {
  return Object.hasOwn(spec, name) || COMMON.has(name)
}

/**
 * Sorts the given parameters by the operation's types. Unknown ones are refused, since silently ignoring an as-of day
 * or a filter would change the answer; lenient handling asks for just that.
 *
 * @throws {FhirFault} on unknown or repeated parameters and values of another type
 */
export function given(
  spec: Spec,
  raw: readonly Raw[],
  { hints = {}, lenient = false }: ParameterRules = {},
): GivenParameters {
  const seen = new Set<string>()
  const texts: Record<string, string> = {}
  const lists: Record<string, readonly string[]> = {}
  const concepts: Record<string, Concept> = {}
  const flags: Record<string, boolean> = {}
  const days: Record<string, Day> = {}
  const codings: Record<string, readonly Coding[]> = {}
  for (const { name, text: value, flag, codings: given, concept } of raw) {
    const kind = Object.hasOwn(spec, name) ? spec[name] : undefined
    if (!kind) {
      if (COMMON.has(name) || lenient) continue
      throw unknownParameter(name, spec, hints)
    }
    if (seen.has(name) && kind !== 'texts') throw badRequest(`参数${name}只能给出一次`)
    seen.add(name)
    const wrong = badRequest(`参数${name}的值或类型不正确`)
    if (kind === 'coding' || kind === 'concept') {
      if (!given) throw value === undefined ? wrong : badRequest(`参数${name}须以POST的Parameters给出`)
      codings[name] = given
      if (concept) concepts[name] = concept
    } else if (kind === 'boolean') {
      const read = flag ?? { true: true, false: false }[value ?? '']
      if (read === undefined) throw wrong
      flags[name] = read
    } else {
      if (value === undefined || value === '' || value.length > TEXT_CHARACTERS_MAX) throw wrong
      if (kind === 'day') days[name] = dayIn(name, value)
      else if (kind === 'texts') lists[name] = [...(lists[name] ?? []), value]
      else texts[name] = value
    }
  }
  return { texts, lists, flags, days, codings, concepts }
}

function unknownParameter(name: string, spec: Spec, hints: Readonly<Record<string, string>>): FhirFault {
  const shown = /^[\w-]{1,40}$/.test(name) ? name : ''
  const hint = Object.hasOwn(hints, name)
    ? `，请改用${hints[name]}`
    : `，可用：${Object.keys(spec).join('、')}`
  return badRequest(`不支持参数${shown}${hint}`, 'not-supported')
}
