/** Finds the versions of code systems that a ConceptMap names, in any of the possible places. */

import { scopesOf } from './map-elements.ts'
import { FhirFault, type Issue } from './operation-outcome.ts'
import type { Release } from './release.ts'
import { ALL_CODES, type SystemNames, type SystemRef } from './systems.ts'

/** Elements that may name them. */
interface Versioned {
  readonly [name: string]: unknown
  readonly group: readonly {
    readonly source: string
    readonly sourceVersion?: string | undefined
    readonly target: string
    readonly targetVersion?: string | undefined
  }[]
}

/** Splits a canonical address from its version. */
export function parted(canonical: string): { readonly url: string; readonly version: string | null } {
  const bar = canonical.lastIndexOf('|')
  return bar < 0
    ? { url: canonical, version: null }
    : { url: canonical.slice(0, bar), version: canonical.slice(bar + 1) }
}

/** Refuses a resource for one of its elements. */
export function refused(expression: string, code: Issue['code'], text: string): FhirFault {
  return new FhirFault(422, { code, text: `${text}。没有写入任何内容`, expression })
}

/**
 * The edition of the national table that the resource was made for.
 *
 * @throws {FhirFault} if it names a version of the local system (none exist here), two editions, or code systems
 *   other than its group's
 */
export function versionsOf(
  release: Release,
  names: SystemNames,
  resource: Versioned,
  of: { readonly source: SystemRef; readonly target: SystemRef },
): string | null {
  const group = resource.group[0]!
  const place = 'ConceptMap.group[0]'
  const said = [
    { side: 'source', at: `${place}.source`, version: parted(group.source).version },
    { side: 'source', at: `${place}.sourceVersion`, version: group.sourceVersion ?? null },
    { side: 'target', at: `${place}.target`, version: parted(group.target).version },
    { side: 'target', at: `${place}.targetVersion`, version: group.targetVersion ?? null },
  ]
  for (const { name, value, side } of scopesOf(release, resource)) {
    const { url, version } = parted(value)
    const ref = names.read(url)
    if (ref === null || names.urlOf(ref) !== names.urlOf(of[side])) {
      const whole = names.urlOf(of[side]) + ALL_CODES
      throw refused(`ConceptMap.${name}`, 'not-supported', `${name}须为${whole}：不支持限于部分编码的对照表`)
    }
    said.push({ side, at: `ConceptMap.${name}`, version })
  }
  const local = said.find(({ side, version }) => side === 'source' && version !== null)
  if (local) throw refused(local.at, 'not-supported', '院内编码体系不分版本，请去掉源的版本')
  const [first, ...others] = said.filter(({ version }) => version !== null)
  const differs = others.find(({ version }) => version !== first!.version)
  if (differs) throw refused(differs.at, 'invalid', `目标版本前后不一：${first!.version}、${differs.version}`)
  return first?.version ?? null
}
