/** The answer to a search: one page of results, with a link to the next. */
import type { BundleLink } from 'fhir/r4.js'
import { badRequest } from './operation-outcome.ts'
import type { Spec } from './parameters.ts'

/** Paging parameters: page size, offset, and count only. */
export const PAGE = { _count: 'text', _offset: 'text', _summary: 'text' } as const satisfies Spec

const COUNT = { preset: 100, max: 1000 } as const

/** A number of a page. @throws {FhirFault} if it is not a whole number */
export function whole(name: string, text: string | undefined, preset: number): number {
  if (text === undefined) return preset
  if (!/^\d{1,7}$/.test(text)) throw badRequest(`参数${name}须为非负整数`)
  return Number(text)
}

/**
 * Builds a Bundle.
 *
 * @param address public address of the search
 * @param found all results, in a stable order
 * @throws {FhirFault} if the paging parameters are invalid
 */
export function searchset<
  Resource extends { readonly resourceType: string; readonly id?: string | undefined },
>(address: URL, found: readonly Resource[], page: Readonly<Record<string, string>>) {
  const counted = page._summary === 'count'
  const count = counted ? 0 : Math.min(whole('_count', page._count, COUNT.preset), COUNT.max)
  const offset = whole('_offset', page._offset, 0)
  const end = offset + count
  const link: BundleLink[] = [{ relation: 'self', url: address.href }]
  if (count > 0 && end < found.length) {
    const next = new URL(address)
    next.searchParams.set('_count', String(count))
    next.searchParams.set('_offset', String(end))
    link.push({ relation: 'next', url: next.href })
  }
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link,
    ...(!counted && {
      entry: found.slice(offset, end).map((resource) => ({
        fullUrl: `${address.origin}${address.pathname}/${resource.id}`,
        resource,
        search: { mode: 'match' },
      })),
    }),
  } as const
}
