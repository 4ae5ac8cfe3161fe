/**
 * Converts a ConceptMap to rows for the map importer, so that it is checked like any other file. Relations are read
 * in the terms of the release in use; terms of the other release are refused, and so is everything not understood
 * (`map-elements.ts`).
 */
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { mapHeads } from '../../codes/import/columns.ts'
import type { MapOptions } from '../../codes/import/options.ts'
import { addDays, type Day, parseDay } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import { isInstant, shanghaiDay } from './instants.ts'
import { notUnderstood, wordFaults } from './map-elements.ts'
import { parted, refused, versionsOf } from './map-versions.ts'
import { idOf } from './maps.ts'
import { badRequest, FhirFault, type Issue } from './operation-outcome.ts'
import { LOSES_DETAIL, R4_UNMATCHED, readRelation } from './relations.ts'
import { EXTENSION, type Release } from './release.ts'
import type { SystemNames } from './systems.ts'

const CHARACTERS_MAX = 2000
/** Maximum faults in one answer. */
const FAULTS_MAX = 100
/** No control characters: a line of the importer corresponds to one target of the resource. */
const text = z
  .string()
  .min(1)
  .max(CHARACTERS_MAX)
  .regex(/^\P{Cc}*$/u)
const period = z.looseObject({ start: text.optional(), end: text.optional() })
const extensions = z
  .array(
    z.looseObject({
      url: z.string(),
      valueBoolean: z.boolean().optional(),
      valueInteger: z.int().optional(),
      valueCode: text.optional(),
      valueString: text.optional(),
      valueDate: text.optional(),
      valuePeriod: period.optional(),
    }),
  )
  .default([])
const target = z.looseObject({
  extension: extensions,
  code: text.optional(),
  display: text.optional(),
  equivalence: text.optional(),
  relationship: text.optional(),
  comment: text.optional(),
})
const element = z.looseObject({
  extension: extensions,
  code: text,
  display: text.optional(),
  noMap: z.boolean().optional(),
  target: z.array(target).default([]),
})
const conceptMap = z.looseObject({
  resourceType: z.literal('ConceptMap'),
  id: text.optional(),
  url: text,
  version: text,
  extension: extensions,
  effectivePeriod: period.optional(),
  status: text.optional(),
  group: z.array(
    z.looseObject({
      source: text,
      sourceVersion: text.optional(),
      target: text,
      targetVersion: text.optional(),
      element: z.array(element),
      unmapped: z.unknown().optional(),
    }),
  ),
})

type Element = z.infer<typeof element>
type Target = z.infer<typeof target>
type Extensions = z.infer<typeof extensions>

const HEAD = [
  'source_code',
  'source_name',
  'target_code',
  'target_name',
  'kind',
  'relation',
  'group',
  'together',
  'priority',
  'from',
  'until',
  'provenance',
] as const
type Row = Readonly<Partial<Record<(typeof HEAD)[number], string>>>

/** A parsed ConceptMap: its metadata and rows. */
export interface ReadMap {
  readonly id: string
  readonly system: string
  readonly standard: string
  readonly edition: {
    readonly version: string
    readonly from: Day
    readonly url: string
    readonly status?: 'draft'
  }
  /** Edition of the national table that the resource names; null if it names none. */
  readonly targetVersion: string | null
  readonly csv: string
  /** FHIRPath of each line of the text; the head is line 1. */
  readonly places: readonly string[]
}

const said = (list: Extensions, url: string) => list.find((one) => one.url === url)

function rowOf(release: Release, element: Element, target: Target): Row {
  const { extension, code, display, comment } = target
  const days = {
    from: said(extension, EXTENSION.from)?.valueDate ?? '',
    until: said(extension, EXTENSION.until)?.valueDate ?? '',
  }
  const source = { source_code: element.code, source_name: element.display ?? '', ...days }
  const word = release === 'r4' ? target.equivalence : target.relationship
  if (release === 'r4' && word === R4_UNMATCHED) {
    return {
      ...source,
      target_code: code ?? '',
      kind: said(extension, EXTENSION.noTarget)?.valueCode ?? 'not-in-national-table',
    }
  }
  const together = said(extension, EXTENSION.together)?.valueBoolean
  return {
    ...source,
    target_code: code ?? '',
    target_name: display ?? '',
    relation: (word && readRelation(release, word)) ?? '',
    group: String(said(extension, EXTENSION.group)?.valueInteger ?? ''),
    together: together === undefined ? '' : together ? '1' : '0',
    priority: String(said(extension, EXTENSION.priority)?.valueInteger ?? ''),
    provenance: comment === LOSES_DETAIL ? '' : (comment ?? ''),
  }
}

function rowsOf(release: Release, element: Element): Row[] {
  const source = { source_code: element.code, source_name: element.display ?? '' }
  const reason = said(element.extension, EXTENSION.noTarget)?.valueCode
  const days = {
    from: said(element.extension, EXTENSION.from)?.valueDate ?? '',
    until: said(element.extension, EXTENSION.until)?.valueDate ?? '',
  }
  const undecided = element.target.length === 0 && reason !== undefined
  const none: Row[] =
    element.noMap || undecided ? [{ ...source, ...days, kind: reason ?? 'not-in-national-table' }] : []
  const rows = [...none, ...element.target.map((one) => rowOf(release, element, one))]
  if (rows.length > 0) return rows
  // An undecided code has no target; its mark says so if we exported it.
  return reason === undefined ? [source] : [{ ...source, ...days, kind: reason }]
}

/**
 * Parses a ConceptMap.
 *
 * @param effective first day if the resource does not give one
 * @throws {FhirFault} if it is invalid, or not a single map from a local system to a national standard
 */
export function readConceptMap(
  release: Release,
  names: SystemNames,
  body: unknown,
  effective: string | undefined,
): ReadMap {
  const checked = conceptMap.safeParse(body)
  if (!checked.success) {
    const issues = checked.error.issues.slice(0, 20).map(({ path, code }) => ({
      code: 'invalid' as const,
      text: `不是可用的ConceptMap：${path.join('.') || 'resourceType'}不正确（${code}）`,
      expression: placeOf(path),
    }))
    throw new FhirFault(422, ...issues)
  }
  const resource = checked.data
  const unknown = notUnderstood(release, resource)
  if (unknown.length > 0) throw new FhirFault(422, ...unknown)
  const { url, version, status, extension, effectivePeriod } = resource
  if (resource.group.length !== 1) {
    throw refused(
      'ConceptMap.group',
      'invalid',
      `须有且只有一个group，实有${resource.group.length}个，请分开提交`,
    )
  }
  const group = resource.group[0]!
  const [from_, to_] = [group.source, group.target].map(parted)
  const [source, goal] = [names.read(from_!.url), names.read(to_!.url)]
  if (source?.kind !== 'local') throw badRequest('group.source须为院内编码体系的地址')
  if (goal?.kind !== 'national') throw badRequest('group.target须为国家编码体系的地址')
  if (url !== names.mapUrl(source.system, goal.standard)) {
    throw badRequest(`url须为${names.mapUrl(source.system, goal.standard)}`)
  }
  if (group.unmapped !== undefined)
    throw badRequest('不支持group.unmapped：未对照的编码不会得到默认目标', 'not-supported')
  const targetVersion = versionsOf(release, names, resource, { source, target: goal })
  const period = release === 'r4' ? said(extension, EXTENSION.effectivePeriod)?.valuePeriod : effectivePeriod
  const from = effective ?? period?.start
  if (from === undefined) throw badRequest('须以参数effective或effectivePeriod.start给出启用日期', 'required')
  // A first day in the address replaces the whole period.
  const last = effective === undefined && period?.end !== undefined ? dayOf(period.end, '停用日期') : null
  if (last !== null && last < dayOf(from)) {
    throw refused(
      'ConceptMap.effectivePeriod',
      'invalid',
      `effectivePeriod的结束日期早于开始日期（${from}至${last}）`,
    )
  }
  const end = last && addDays(last, 1)
  const rows: Row[] = []
  const places = ['ConceptMap']
  const faults: Issue[] = []
  for (const [index, one] of group.element.entries()) {
    const place = `ConceptMap.group[0].element[${index}]`
    faults.push(...wordFaults(release, one, place))
    for (const row of rowsOf(release, one)) {
      const until = end !== null && (!row.until || row.until > end) ? end : row.until
      rows.push(until ? { ...row, until } : row)
      places.push(place)
    }
  }
  if (faults.length > 0) throw new FhirFault(422, ...faults.slice(0, FAULTS_MAX))
  return {
    id: idOf(source.system, goal.standard, version),
    system: source.system,
    standard: goal.standard,
    edition: { version, from: dayOf(from), url, ...(status === 'draft' && { status }) },
    targetVersion,
    // Quoted, so that no character of a text is mistaken for the separator.
    csv: stringify(rows, { columns: [...HEAD], header: true, quoted: true }),
    places,
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, part) => place + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`),
    'ConceptMap',
  )
}

/** The import for a parsed map: an edition that awaits review. @throws {FhirFault} on an invalid day */
export function importQuestion(
  read: ReadMap,
  codebooks: readonly Codebook[],
  file: string,
  maker: string,
): MapOptions {
  const codebook = codebooks.find(({ id }) => id === read.standard)
  if (!codebook) throw badRequest('group.target不是已知的国家编码体系', 'not-found')
  const { version, url } = read.edition
  return {
    codebook,
    files: [file],
    edition: {
      version,
      from: read.edition.from,
      source: { grade: 'not verified', text: `FHIR ConceptMap ${url}|${version}，由${maker}提交` },
      state: 'maintained',
      maker,
      ...(read.edition.status && { status: read.edition.status }),
    },
    skipRejected: false,
    rejectedFile: null,
    dryRun: false,
    json: true,
    system: read.system,
    understanding: {
      open: { encoding: 'UTF-8' },
      heads: mapHeads(),
      chosen: {},
      needed: ['code', 'target'],
      titles: null,
    },
    target: { version: null, unpublished: false },
    allowMissing: false,
    // FHIR treats several targets of a code as alternatives; only our own extension marks a combination.
    several: 'one-of',
  }
}

/** The Shanghai day of a date or dateTime. @throws {FhirFault} if it is none; a year or a month alone is not a day */
function dayOf(text: string, what = '启用日期') {
  try {
    return isInstant(text) ? shanghaiDay(text) : parseDay(text.slice(0, 10))
  } catch {
    throw badRequest(`${what}须为YYYY-MM-DD。没有写入任何内容`)
  }
}
