/**
 * Elements of a submitted ConceptMap that are understood. All others are refused with their place: silently ignoring
 * a condition, a second product or a modifier would translate a bill to a code the map does not mean. Sources: the
 * definitions of ConceptMap in both releases, hl7.org/fhir/R4/conceptmap.html and hl7.org/fhir/R5/conceptmap.html.
 * [F]
 */
import { NO_TARGET } from '../../codes/store/rows.ts'
import type { Issue } from './operation-outcome.ts'
import { R4_UNMATCHED, readRelation, relationWords } from './relations.ts'
import { EXTENSION, type Release } from './release.ts'

type Level = 'ConceptMap' | 'group' | 'element' | 'target'
type Node = Readonly<Record<string, unknown>>

/** Descriptive elements that do not affect the rows. */
const ABOUT = [
  ...['id', 'meta', 'language', 'text', 'identifier', 'name', 'title', 'experimental', 'date', 'publisher'],
  ...['contact', 'description', 'jurisdiction', 'purpose', 'copyright', 'copyrightLabel', 'approvalDate'],
  ...['lastReviewDate', 'topic', 'author', 'editor', 'reviewer', 'endorser', 'relatedArtifact'],
  ...['versionAlgorithmString', 'versionAlgorithmCoding'],
]
const ROOT = [...ABOUT, 'resourceType', 'extension', 'url', 'version', 'status', 'group']
const SCOPES = {
  r4: ['sourceUri', 'sourceCanonical', 'targetUri', 'targetCanonical'],
  r5: ['sourceScopeUri', 'sourceScopeCanonical', 'targetScopeUri', 'targetScopeCanonical'],
} as const satisfies Record<Release, readonly string[]>

/** Understood elements, by release and level. `unmapped` is refused with a message of its own. */
const KNOWN: Readonly<Record<Release, Readonly<Record<Level, ReadonlySet<string>>>>> = {
  r4: {
    ConceptMap: new Set([...ROOT, ...SCOPES.r4]),
    group: new Set([
      'id',
      'extension',
      'source',
      'sourceVersion',
      'target',
      'targetVersion',
      'element',
      'unmapped',
    ]),
    element: new Set(['id', 'extension', 'code', 'display', '_display', 'target']),
    target: new Set(['id', 'extension', 'code', 'display', '_display', 'equivalence', 'comment', '_comment']),
  },
  r5: {
    ConceptMap: new Set([...ROOT, ...SCOPES.r5, 'effectivePeriod']),
    group: new Set(['id', 'extension', 'source', 'target', 'element', 'unmapped']),
    element: new Set(['id', 'extension', 'code', 'display', '_display', 'noMap', 'target']),
    target: new Set([
      'id',
      'extension',
      'code',
      'display',
      '_display',
      'relationship',
      'comment',
      '_comment',
    ]),
  },
}

/** Specific reasons for refusing an element. */
const WHY: Readonly<Record<string, string>> = {
  modifierExtension: '修饰扩展会改变含义，不认识时不得处理',
  implicitRules: '不认识的隐含规则会改变含义',
  contained: '不支持内嵌资源',
  dependsOn: '对照附有条件，结算时无法按条件取舍；请拆成各自的源编码',
  product: '对照另有产出，结算时无法使用',
  property: '不支持附加属性',
  additionalAttribute: '不支持附加属性',
  valueSet: '不支持以值集为源或目标，请逐个编码对照',
  useContext: '对照限于特定场合，结算时无法按场合取舍',
  noMap: '这是R5的写法；R4请写target.equivalence为unmatched',
  equivalence: '这是R4的写法；R5请写relationship',
  relationship: '这是R5的写法；R4请写equivalence',
  effectivePeriod: `这是R5的写法；R4请写扩展${EXTENSION.effectivePeriod}`,
  sourceVersion: '这是R4的写法；R5请写在group.source的“|”之后',
  targetVersion: '这是R4的写法；R5请写在group.target的“|”之后',
}

/** Our extensions by level, with the only value each may have. */
const OURS: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  ConceptMap: { [EXTENSION.effectivePeriod]: 'valuePeriod' },
  group: {},
  element: {
    [EXTENSION.noTarget]: 'valueCode',
    [EXTENSION.from]: 'valueDate',
    [EXTENSION.until]: 'valueDate',
  },
  target: {
    [EXTENSION.noTarget]: 'valueCode',
    [EXTENSION.from]: 'valueDate',
    [EXTENSION.until]: 'valueDate',
    [EXTENSION.together]: 'valueBoolean',
    [EXTENSION.group]: 'valueInteger',
    [EXTENSION.priority]: 'valueInteger',
    [EXTENSION.provenance]: 'valueString',
  },
}

/** Holds the R4 term beside the R5 one, as HL7's converter writes it; adds no information. [K] */
const OLD_WORD = 'http://hl7.org/fhir/1.0/StructureDefinition/extension-ConceptMap.element.target.equivalence'

/** Elements carried over from another release: the only non-descriptive extensions of a whole resource. */
const CARRIED = /^http:\/\/hl7\.org\/fhir\/\d\.\d\/StructureDefinition\/extension-ConceptMap\./

/** Statuses accepted on submission. A map is used only after review and publication here. */
export const STATES = ['active', 'draft'] as const

/** Maximum places in one answer. */
const ISSUES_MAX = 100

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0)
const listOf = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter((one): one is Node => typeof one === 'object' && one !== null) : []

/**
 * Finds elements that are not understood, at every level.
 *
 * @param resource a ConceptMap whose known elements are well-formed
 * @returns one issue each with its FHIRPath; empty if everything is understood
 */
export function notUnderstood(release: Release, resource: Node): Issue[] {
  const issues: Issue[] = []
  const refuse = (expression: string, text: string) => {
    if (issues.length < ISSUES_MAX)
      issues.push({ code: 'not-supported', text: `${text}。没有写入任何内容`, expression })
  }

  function look(level: Level, node: Node, place: string): void {
    const known = KNOWN[release][level]
    for (const [name, value] of Object.entries(node)) {
      if (known.has(name) || isEmpty(value)) continue
      refuse(`${place}.${name}`, `不支持${name}：${WHY[name] ?? '不认识的元素'}`)
    }
    lookAtExtensions(level, node, place)
  }

  function lookAtExtensions(level: Level, node: Node, place: string): void {
    const seen = new Set<unknown>()
    for (const [index, extension] of listOf(node.extension).entries()) {
      const { url } = extension
      const expression = `${place}.extension[${index}]`
      const value = typeof url === 'string' ? OURS[level][url] : undefined
      if (value !== undefined) {
        if (extension[value] === undefined) refuse(expression, `扩展${url}须有${value}`)
        if (seen.has(url)) refuse(expression, `扩展${url}只能有一个`)
        seen.add(url)
        const none = extension.valueCode
        if (url === EXTENSION.noTarget && !NO_TARGET.some((reason) => reason === none)) {
          refuse(expression, `扩展${url}只能是${NO_TARGET.join('、')}`)
        }
      } else if (level === 'ConceptMap' ? CARRIED.test(String(url)) : url !== OLD_WORD) {
        refuse(expression, `不认识的扩展${String(url).slice(0, 100)}`)
      }
    }
  }

  look('ConceptMap', resource, 'ConceptMap')
  lookAtHead(resource, refuse)
  for (const [g, group] of listOf(resource.group).entries()) {
    const inGroup = `ConceptMap.group[${g}]`
    look('group', group, inGroup)
    for (const [e, element] of listOf(group.element).entries()) {
      const inElement = `${inGroup}.element[${e}]`
      look('element', element, inElement)
      for (const [t, target] of listOf(element.target).entries())
        look('target', target, `${inElement}.target[${t}]`)
    }
  }
  return issues
}

/** Checks the head for anything that restricts the use of the whole map. */
function lookAtHead(
  { status, experimental, meta }: Node,
  refuse: (expression: string, text: string) => void,
): void {
  if (!STATES.some((state) => state === status)) {
    const told = status === undefined ? '没有status' : `status为${String(status).slice(0, 40)}`
    const text = `${told}的对照表不能提交，只能是${STATES.join('、')}`
    refuse('ConceptMap.status', text)
  }
  if (experimental === true) refuse('ConceptMap.experimental', '仅供试验的对照表（experimental）不能用于结算')
  const tags = listOf((meta as Node | undefined)?.tag)
  if (tags.some(({ code }) => code === 'SUBSETTED')) {
    refuse('ConceptMap.meta.tag', '这是不完整的资源（SUBSETTED），请提交完整的对照表')
  }
}

/** Elements that name the value set on either side of a map. */
export function scopesOf(release: Release, resource: Node) {
  return SCOPES[release].flatMap((name) => {
    const value = resource[name]
    return typeof value === 'string'
      ? [{ name, value, side: name.startsWith('source') ? 'source' : 'target' } as const]
      : []
  })
}

/** The parts of an element that concern relations. */
interface Related {
  readonly code: string
  readonly target: readonly {
    readonly code?: string | undefined
    readonly equivalence?: string | undefined
    readonly relationship?: string | undefined
  }[]
}

/**
 * Finds unknown relations, and targets without a code: a missing relation must not be guessed.
 *
 * @param place FHIRPath of the element
 */
export function wordFaults(release: Release, element: Related, place: string): Issue[] {
  const field = release === 'r4' ? 'equivalence' : 'relationship'
  return element.target.flatMap((target) => {
    const word = target[field]
    const about = `“${element.code.slice(0, 60)}”的target`
    const fault = (text: string): Issue[] => [{ code: 'business-rule', text, expression: place }]
    if (word === undefined) return fault(`${about}缺少${field}`)
    if (release === 'r4' && word === R4_UNMATCHED) return []
    if (readRelation(release, word) === null) {
      return fault(`${about}的${field}不能是${word.slice(0, 40)}，可用：${relationWords(release).join('、')}`)
    }
    return target.code === undefined ? fault(`${about}缺少code`) : []
  })
}
