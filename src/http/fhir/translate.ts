/**
 * `ConceptMap/$translate`: all mappings of a code on a day, forward and reverse. A code without a target is answered
 * with `result` false, a message and a reason. The relation of a match is that of the map, from source to target, for
 * reverse queries too.
 */
import type { Extension, ParametersParameter } from 'fhir/r4.js'
import type { ReverseSource, Target } from '../../codes/outcome.ts'
import { lookupText } from '../../codes/texts.ts'
import type { Day } from '../../domain/day.ts'
import { editionInForce } from '../codes/question.ts'
import { dayAsked } from './as-of.ts'
import type { MapHead } from './maps.ts'
import { badRequest, FhirFault, notFound } from './operation-outcome.ts'
import type { Coding } from './parameters.ts'
import { relationName } from './relations.ts'
import { EXTENSION } from './release.ts'
import type { TranslateQuestion } from './translate-question.ts'
import { bookAt, parametersOf, type View } from './view.ts'

/** Result of one code. */
interface Told {
  readonly matches: readonly ParametersParameter[]
  readonly reason?: string | undefined
  readonly text?: string | undefined
  /** Editions of the maps used: `urn:x|2`. */
  readonly maps?: readonly string[]
  /** Editions of the national tables used. */
  readonly tables?: readonly string[]
  /** Whether the code itself was unreadable, or belongs to no system of ours. */
  readonly foreign?: boolean
}

/** A code with its system. */
interface Asked extends Coding {
  readonly system: string
  readonly code: string
}

const ALTERNATIVES = '有多个备选目标，须人工选定'

/** Whether a map is among those that the query is restricted to. */
function isWanted({ names }: View, map: MapHead, { narrowed, url }: TranslateQuestion): boolean {
  if (url !== undefined && map.url !== url.split('|', 1)[0]) return false
  return narrowed.every((address) => {
    const ref = names.read(address)
    if (!ref) throw notFound('参数中的编码体系地址不存在')
    return ref.kind === 'national' ? ref.standard === map.standard : ref.system === map.system
  })
}

function dayFor(view: View, map: MapHead, question: TranslateQuestion, date: Day | undefined): Day {
  const version = question.mapVersion ?? question.url?.split('|')[1]
  return dayAsked(map.editions, { date, version }, view.today, '该对照表')
}

/** The editions of map and table in force on a day. */
function usedOn(view: View, map: MapHead, day: Day): Pick<Told, 'maps' | 'tables'> {
  const edition = editionInForce(map.editions, day)
  const table = editionInForce(view.codes.book(map.standard)?.editions ?? [], day)
  const address = view.names.urlOf({ kind: 'national', standard: map.standard })
  return {
    maps: edition ? [`${map.url}|${edition.version}`] : [],
    tables: table ? [`${address}|${table.version}`] : [],
  }
}

function matchOf(
  view: View,
  { spelling }: TranslateQuestion,
  map: MapHead,
  version: string | undefined,
  codings: readonly ParametersParameter[],
  told: Target | ReverseSource,
) {
  const { relation, together, provenance } = told
  const relationPart: ParametersParameter = {
    name: view.release === 'r4' ? 'equivalence' : 'relationship',
    valueCode: relationName(view.release, relation),
  }
  const extension: Extension[] = [
    { url: EXTENSION.together, valueBoolean: together },
    ...('group' in told ? [{ url: EXTENSION.group, valueInteger: told.group }] : []),
    ...('priority' in told ? [{ url: EXTENSION.priority, valueInteger: told.priority }] : []),
    ...(provenance ? [{ url: EXTENSION.provenance, valueString: provenance }] : []),
  ]
  const origin = version === undefined ? map.url : `${map.url}|${version}`
  return {
    name: 'match',
    extension,
    part: [
      relationPart,
      ...codings,
      spelling === 'r6'
        ? { name: 'originMap', valueCanonical: origin }
        : { name: view.release === 'r4' ? 'source' : 'originMap', valueUri: origin },
    ],
  } satisfies ParametersParameter
}

function forward(
  view: View,
  question: TranslateQuestion,
  { system, code, version }: Asked,
  date: Day | undefined,
): Told {
  const ref = view.names.read(system)
  if (ref?.kind === 'national') {
    bookAt(view, system)
    return {
      matches: [],
      reason: 'unknown-system',
      text: '没有以国家编码为来源的对照表；由国家编码查院内编码须反查',
    }
  }
  const known = ref ? view.maps.from(ref.system) : []
  if (!ref || known.length === 0) throw notFound('没有以该编码体系为来源的对照表；GET ConceptMap列出全部')
  if (version !== undefined)
    throw badRequest('院内编码体系不分版本；对照表的版本用conceptMapVersion', 'not-supported')
  const maps = known.filter((map) => isWanted(view, map, question))
  if (maps.length === 0)
    return { matches: [], reason: 'not-mapped', text: '没有从该编码体系到所指目标的对照表' }
  const each = maps.map((map): Told => {
    const day = dayFor(view, map, question, date)
    const answer = view.codes.translate(ref.system, map.standard, code, day)
    const edition = answer.map?.slice(ref.system.length + 1)
    const matches = answer.targets.map((target) =>
      matchOf(
        view,
        question,
        map,
        edition,
        [
          {
            name: 'concept',
            valueCoding: {
              system: view.names.urlOf({ kind: 'national', standard: map.standard }),
              version: target.edition,
              code: target.code,
              display: target.name,
            },
          },
        ],
        target,
      ),
    )
    const open = answer.targets.filter(({ together }) => !together).length > 1
    const text = open ? ALTERNATIVES : answer.text
    return { matches, reason: answer.reason, text, ...usedOn(view, map, day) }
  })
  return joined(each)
}

function backward(
  view: View,
  question: TranslateQuestion,
  { system, code, version }: Asked,
  date: Day | undefined,
): Told {
  const book = bookAt(view, system)
  const target = view.names.urlOf({ kind: 'national', standard: book.id })
  const given = { date, version }
  const tableDay = dayAsked(book.editions, given, view.today, book.titleZh)
  const maps = view.maps.to(book.id).filter((map) => isWanted(view, map, question))
  const each = maps.map((map): Told => {
    const day = dayFor(view, map, question, version === undefined ? date : tableDay)
    const { targets, reason } = view.codes.reverse(map.system, map.standard, code, day)
    const url = view.names.urlOf({ kind: 'local', system: map.system })
    const matches = targets.map((source) =>
      matchOf(
        view,
        question,
        map,
        source.edition,
        sourceParts(
          question,
          { system: url, code: source.code, display: source.name },
          { system: target, code },
        ),
        source,
      ),
    )
    return { matches, reason, ...usedOn(view, map, day) }
  })
  const told = joined(each)
  if (told.matches.length > 0) return told
  const answer = view.codes.lookup(book.id, code, tableDay)
  return answer.found
    ? { ...told, reason: 'not-mapped', text: '没有院内编码与之对应' }
    : { ...told, reason: answer.reason, text: lookupText(book.titleZh, code, answer) }
}

/**
 * A reverse match: R4 and R5 return the source as the concept, R6 repeats the target and names the source beside it.
 */
function sourceParts(
  { spelling }: TranslateQuestion,
  source: Coding,
  target: Coding,
): readonly ParametersParameter[] {
  return spelling === 'r6'
    ? [
        { name: 'concept', valueCoding: target },
        { name: 'source', valueCoding: source },
      ]
    : [{ name: 'concept', valueCoding: source }]
}

/** Merges the results of several maps or codes. The most specific reason wins. */
function joined(all: readonly Told[]): Told {
  const ours = all.filter(({ foreign }) => !foreign)
  const each = ours.length > 0 ? ours : all
  const matches = each.flatMap((one) => one.matches)
  const used = {
    maps: [...new Set(each.flatMap(({ maps = [] }) => maps))],
    tables: [...new Set(each.flatMap(({ tables = [] }) => tables))],
  }
  if (matches.length > 0)
    return { matches, text: each.find((one) => one.text && one.matches.length > 0)?.text, ...used }
  const told =
    each.find(({ reason }) => reason !== 'not-mapped' && reason !== 'before-first-edition') ?? each[0]
  return { matches, reason: told?.reason ?? 'not-mapped', text: told?.text, ...used }
}

/** The queried codes, each with its system. */
function askedOf(view: View, { codings, anyTarget, narrowed }: TranslateQuestion): readonly Coding[] {
  if (!anyTarget) return codings
  const refs = narrowed.map((address) => view.names.read(address))
  const systems = refs.flatMap((ref) => (ref?.kind === 'local' ? [ref.system] : []))
  const standards = new Set(
    systems.flatMap((system) => view.maps.from(system)).map(({ standard }) => standard),
  )
  if (standards.size === 0) throw notFound('没有以该编码体系为来源的对照表；GET ConceptMap列出全部')
  return [...standards].flatMap((standard) =>
    codings.map((one) => ({ ...one, system: view.names.urlOf({ kind: 'national', standard }) })),
  )
}

/** Result of one code; in a CodeableConcept a foreign or unreadable one is skipped. */
function toldOf(view: View, question: TranslateQuestion, coding: Coding, date: Day | undefined): Told {
  const { system, code } = coding
  if (system === undefined || code === undefined) {
    return { matches: [], reason: 'unknown-system', text: '没有编码体系或编码，无法转换', foreign: true }
  }
  const way = question.reverse ? backward : forward
  try {
    return way(view, question, { ...coding, system, code }, date)
  } catch (error) {
    if (!question.concept || !(error instanceof FhirFault) || error.status !== 404) throw error
    return { matches: [], reason: 'unknown-system', text: error.message, foreign: true }
  }
}

/** Translates. @throws {FhirFault} on unknown code systems and maps */
export function translateOperation(view: View, question: TranslateQuestion, date: Day | undefined) {
  const { url, spelling } = question
  if (url !== undefined && !view.maps.byUrl(url.split('|', 1)[0]!))
    throw notFound('没有该地址对应的ConceptMap')
  const codings = askedOf(view, question)
  const {
    matches,
    reason,
    text,
    maps = [],
    tables = [],
  } = joined(codings.map((coding) => toldOf(view, question, coding, date)))
  const used =
    spelling === 'r6'
      ? [
          ...maps.map((valueUri) => ({ name: 'used-conceptmap', valueUri })),
          ...tables.map((valueUri) => ({ name: 'used-system', valueUri })),
        ]
      : []
  return parametersOf([
    { name: 'result', valueBoolean: matches.length > 0 },
    ...(text ? [{ name: 'message', valueString: text }] : []),
    ...(matches.length === 0 ? [{ name: 'reason', valueCode: reason ?? 'not-mapped' }] : []),
    ...matches,
    ...used,
  ])
}
