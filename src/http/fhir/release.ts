/** The two supported FHIR releases, and where they differ only by name. */

/** R4 (4.0.1) and R5 (5.0.0). */
export const RELEASES = ['r4', 'r5'] as const

/** One of them; also the last part of the endpoint's address. */
export type Release = (typeof RELEASES)[number]

/** `fhirVersion` of a release. */
export const FHIR_VERSION = { r4: '4.0.1', r5: '5.0.0' } as const satisfies Record<Release, string>

/** A release as major and minor version. */
export const MIME_VERSION = { r4: '4.0', r5: '5.0' } as const satisfies Record<Release, string>

/** Media type of every answer. */
export function fhirJson(release: Release): string {
  return `application/fhir+json; fhirVersion=${MIME_VERSION[release]}; charset=utf-8`
}

/** Whether an address belongs to a FHIR endpoint. */
export function isFhir(path: string): boolean {
  return RELEASES.some((release) => path === doorOf(release) || path.startsWith(`${doorOf(release)}/`))
}

/** Address of a release: `/fhir/r4`. */
export function doorOf(release: Release): string {
  return `/fhir/${release}`
}

/** Our extensions for what FHIR has no element for, the same in both releases. */
export const EXTENSION = {
  together: 'urn:zhijie:extension:together',
  group: 'urn:zhijie:extension:group',
  priority: 'urn:zhijie:extension:priority',
  provenance: 'urn:zhijie:extension:provenance',
  noTarget: 'urn:zhijie:extension:no-target',
  from: 'urn:zhijie:extension:from',
  until: 'urn:zhijie:extension:until',
  /** `effectivePeriod` exists in R5; in R4 it is an extension named as HL7 names elements of later releases. */
  effectivePeriod: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ConceptMap.effectivePeriod',
} as const
