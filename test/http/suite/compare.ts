/**
 * What an answer lacks of what the suite expects. Strict: every part that the suite does not call optional must be there,
 * with its value where the value is not content of the suite's own code systems. Not compared: wordings, parts beyond
 * those that are expected, the names and values of designations, and properties but those that FHIR itself defines.
 */
import type { Exchange, Json } from './exchange.ts'
import { MAPPED } from './world.ts'

/** Properties of concepts that FHIR defines for all code systems and that say how a code stands. */
const PROPERTIES = ['inactive', 'status', 'notSelectable']

/** Whether the suite lets a part be absent at a release: `true`, `warning:…`, `version:5`, or all but one server. */
export function isOptional(part: Json, release: 'r4' | 'r5'): boolean {
  const mark = part.$optional$
  if (mark === undefined) return false
  if (mark === true || String(mark).startsWith('warning') || String(mark).startsWith('!')) return true
  return mark === `version:${release === 'r4' ? 4 : 5}`
}

const heldBy = (part: Json): unknown => {
  const key = Object.keys(part).find((name) => name.startsWith('value'))
  return key === undefined ? undefined : part[key]
}
const named = (parameters: Json[], name: string) => parameters.filter((one) => one.name === name)

function isIssueThere(wanted: Json, issues: Json[], release: 'r4' | 'r5'): boolean {
  const optional: string[] = wanted['$optional-properties$'] ?? []
  const tx = wanted.details?.coding?.[0]?.code
  const messages: Json[] = (wanted.extension ?? []).filter((one: Json) => !isOptional(one, release))
  return issues.some(
    (issue) =>
      issue.severity === wanted.severity &&
      issue.code === wanted.code &&
      issue.details?.coding?.[0]?.code === tx &&
      (['location', 'expression'] as const).every(
        (key) => !wanted[key] || optional.includes(key) || String(issue[key]) === String(wanted[key]),
      ) &&
      messages.every(({ valueString }) =>
        (issue.extension ?? []).some((one: Json) => one.valueString === valueString),
      ),
  )
}

function matchFaults(wanted: Json, match: Json | undefined, release: 'r4' | 'r5'): string[] {
  if (!match) return ['match']
  const { source, target } = MAPPED
  return wanted.part
    .filter((part: Json) => !isOptional(part, release))
    .filter((part: Json) => {
      const [ours] = named(match.part, part.name)
      if (!ours) return true
      if (part.name === 'originMap') return !String(heldBy(ours)).startsWith(MAPPED.map)
      if (part.valueCoding) {
        const { system, code } = part.name === 'source' ? source : target
        const missing = ['version', 'display'].filter(
          (key) => part.valueCoding[key] && !ours.valueCoding[key],
        )
        return ours.valueCoding.system !== system || ours.valueCoding.code !== code || missing.length > 0
      }
      return heldBy(ours) !== heldBy(part)
    })
    .map((part: Json) => `match.${part.name}`)
}

/** What an answer of Parameters lacks; `result` and all else. */
export function parameterFaults(
  { player, foreignDisplay, request }: Exchange,
  wanted: Json[],
  got: Json[],
  release: 'r4' | 'r5',
): string[] {
  const asked = named(request.parameter, 'version')[0] ?? named(request.parameter, 'coding')[0]?.valueCoding
  const sent = asked?.valueString ?? asked?.valueCode ?? asked?.version
  const concept = named(request.parameter, 'codeableConcept')[0]?.valueCodeableConcept
  const url = named(request.parameter, 'url')[0]
  const system =
    heldBy(url ?? {}) ?? named(request.parameter, 'coding')[0]?.valueCoding.system ?? player.system
  const expected: Readonly<Record<string, unknown>> = {
    code: player.code,
    display: player.name,
    system,
    version: sent ?? player.version,
  }
  const faults = wanted
    .filter((part) => !isOptional(part, release))
    .flatMap((part): string[] => {
      const { name } = part
      const ours = named(got, name)
      if (name === 'match') return matchFaults(part, ours[0], release)
      if (ours.length === 0) return [name]
      if (name === 'issues') {
        const issues: Json[] = ours[0].resource.issue
        const lacking = part.resource.issue.filter((one: Json) => !isIssueThere(one, issues, release))
        return lacking.map((one: Json) => `issues: ${one.severity} ${one.details?.coding?.[0]?.code}`)
      }
      if (name === 'property') {
        const [code] = named(part.part, 'code')
        if (!PROPERTIES.includes(code.valueCode)) return []
        const found = ours.some((one) => named(one.part, 'code')[0].valueCode === code.valueCode)
        return found ? [] : [`property ${code.valueCode}`]
      }
      if (name === 'display' && foreignDisplay) return ['display in the language that is asked for']
      if (name === 'codeableConcept') {
        return JSON.stringify(sorted(heldBy(ours[0]))) === JSON.stringify(sorted(concept)) ? [] : [name]
      }
      if (name === 'x-caused-by-unknown-system') {
        return heldBy(ours[0]) === `${system}${sent === undefined ? '' : `|${sent}`}` || concept ? [] : [name]
      }
      if (name in expected) return heldBy(ours[0]) === expected[name] ? [] : [`${name} has another value`]
      const isFixed = ['result', 'abstract', 'inactive'].includes(name)
      return !isFixed || heldBy(ours[0]) === heldBy(part) ? [] : [`${name} has another value`]
    })
  return [...new Set(faults)]
}

/** What an OperationOutcome lacks. */
export function outcomeFaults(wanted: Json, got: Json): string[] {
  const [issue] = wanted.issue
  const codes = String(issue.code)
    .replace(/^\$choice:|\$$/g, '')
    .split('|')
  const tx = issue.details?.coding?.[0]?.code
  const found = (got.issue ?? []).some(
    (one: Json) => codes.includes(one.code) && (!tx || one.details?.coding?.[0]?.code === tx),
  )
  return found ? [] : [`issue ${codes.join(' or ')}`]
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  )
}

/** Paths of a resource that are missing in another; texts between `$` stand for anything. */
export function missingIn(wanted: Json, got: Json, path = ''): string[] {
  if (typeof wanted !== 'object') {
    const anything = typeof wanted === 'string' && /^\$.*\$$/.test(wanted)
    return got !== undefined && (anything || got === wanted) ? [] : [path]
  }
  if (Array.isArray(wanted)) {
    const list: Json[] = Array.isArray(got) ? got : []
    return wanted.flatMap((one) => {
      const tried = list.map((each) => missingIn(one, each, path))
      const best = tried.sort((a, b) => a.length - b.length)[0]
      const label = one?.name ?? one?.type ?? one?.code ?? ''
      return best?.length === 0
        ? []
        : label && best?.some((each) => each.endsWith('.name'))
          ? [`${path} ${label}`]
          : (best ?? [path])
    })
  }
  return Object.entries(wanted).flatMap(([key, one]) =>
    key.startsWith('$') ? [] : missingIn(one, got?.[key], path ? `${path}.${key}` : key),
  )
}
