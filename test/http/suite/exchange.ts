/** A request of the suite with ours in the place of its codes and systems, and the answer that the suite expects, alike. */
import { ROLES, type Role, TRANSLATED } from './roles.ts'
import { MAPPED, OLD_NAME, PLAYERS, type Player } from './world.ts'

/** A parameter, of request or answer. Keys that begin and end with `$` are the suite's own marks. */
// biome-ignore lint/suspicious/noExplicitAny: resources of several kinds, looked at by name only
export type Json = any

/** A request of the suite, ready to be sent, and what is expected. */
export interface Exchange {
  readonly path: string
  readonly request: Json
  /** What stands for a code, a system, a version or a display of the expected answer. */
  readonly player: Player
  /** Whether the display that is expected is a translation that we do not have. */
  readonly foreignDisplay: boolean
}

const PATHS: Readonly<Record<string, string>> = {
  lookup: '/CodeSystem/$lookup',
  'cs-validate-code': '/CodeSystem/$validate-code',
  translate: '/ConceptMap/$translate',
}

/** Puts ours into a coding. */
function codingOf(coding: Json, role: Role, player: Player): Json {
  return {
    ...coding,
    ...(coding.system && !role.foreign && { system: player.system }),
    ...(coding.code && { code: player.code }),
    ...(coding.version && role.knownVersion && { version: player.version }),
    ...(coding.display && { display: displayOf(coding.display, role, player) }),
  }
}

function displayOf(display: string, { display: kind }: Role, { name }: Player): string {
  return kind === 'right' ? name! : kind === 'former' ? OLD_NAME : display
}

function parameterOf(one: Json, role: Role, player: Player): Json {
  const version = role.knownVersion ? player.version : undefined
  switch (one.name) {
    case 'code':
      return { name: one.name, valueCode: player.code }
    case 'system':
    case 'url':
      return role.foreign ? one : { name: one.name, valueUri: player.system }
    case 'version':
      return version ? { name: one.name, valueString: version } : one
    case 'system-version':
      return { name: one.name, valueCanonical: `${player.system}|${player.version}` }
    case 'display':
      return { name: one.name, valueString: displayOf(one.valueString, role, player) }
    case 'coding':
      return { name: one.name, valueCoding: codingOf(one.valueCoding, role, player) }
    case 'codeableConcept': {
      const { coding } = one.valueCodeableConcept
      const ours = coding.map((each: Json) => codingOf(each, role, player))
      return { name: one.name, valueCodeableConcept: { coding: ours } }
    }
    default:
      return one
  }
}

function translationOf(one: Json, isMapped: boolean): Json {
  const { source, target, map } = MAPPED
  switch (one.name) {
    case 'url':
      return { name: one.name, valueUri: map }
    case 'sourceSystem':
      return { name: one.name, valueUri: source.system }
    case 'targetSystem':
      return { name: one.name, valueUri: target.system }
    case 'code':
    case 'sourceCode':
      return { name: one.name, valueCode: isMapped ? source.code : source.unmapped }
    case 'targetCode':
      return { name: one.name, valueCode: target.code }
    default:
      return one
  }
}

/**
 * Makes the exchange.
 *
 * @param name of the test, behind that of its suite where two tests have one name
 * @returns undefined where no role is known for it
 */
export function exchangeOf(operation: string, name: string, request: Json): Exchange | undefined {
  const path = PATHS[operation]
  const parameters: Json[] = request.parameter
  if (path === undefined) return undefined
  if (operation === 'translate') {
    const isMapped = TRANSLATED[name]
    if (isMapped === undefined) return undefined
    const parameter = parameters.map((one) => translationOf(one, isMapped))
    return { path, request: { ...request, parameter }, player: MAPPED.target, foreignDisplay: false }
  }
  const role = ROLES[name]
  if (!role) return undefined
  const player = PLAYERS[role.code]
  const parameter = parameters.map((one) => parameterOf(one, role, player))
  const language = parameters.find((one) => one.name === 'displayLanguage')?.valueCode
  const foreignDisplay = language !== undefined && !language.startsWith('zh')
  return { path, request: { ...request, parameter }, player, foreignDisplay }
}
