/** The two areas of a message lead to their province, or through the national platform to the insured province. */
import { describe, expect, it } from 'vitest'
import type { Area } from '../../src/domain/area.ts'
import { destinationOf } from '../../src/transport/destinations.ts'

describe('destinationOf()', () => {
  it.each<[string, string, string, string]>([
    ['620102', '620102', '620000', '620000'],
    ['620102', '620104', '620000', '620000'],
    ['620102', '621002', '620000', '620000'],
    ['621002', '620102', '620000', '620000'],
    ['430100', '620102', 'national/430000', 'national'],
    ['430902', '620102', 'national/430000', 'national'],
    ['620102', '430100', 'national/620000', 'national'],
    ['310115', '110101', 'national/310000', 'national'],
    ['110101', '110108', '110000', '110000'],
  ])('insured in %s, treated in %s: %s by way of %s', (insured, treatment, id, platform) => {
    expect(destinationOf(insured as Area, treatment as Area)).toEqual({ id, platform })
  })
})
