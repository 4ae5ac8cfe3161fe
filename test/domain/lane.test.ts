/** Every medical category belongs to one lane, and what is no category is known as none. */
import { describe, expect, it } from 'vitest'
import { knownLane, LANES, type Lane, laneOf } from '../../src/domain/lane.ts'

describe('laneOf()', () => {
  it.each<[string, Lane]>([
    ['11', 'outpatient'],
    ['12', 'outpatient'],
    ['13', 'outpatient'],
    ['14', 'chronic'],
    ['1401', 'chronic'],
    ['15', 'outpatient'],
    ['19', 'outpatient'],
    ['21', 'inpatient'],
    ['2101', 'inpatient'],
    ['22', 'inpatient'],
    ['24', 'inpatient'],
    ['51', 'outpatient'],
    ['52', 'inpatient'],
    ['53', 'outpatient'],
    ['41', 'pharmacy'],
    ['', 'outpatient'],
  ])('med_type "%s" is %s', (category, lane) => {
    expect(laneOf(category)).toBe(lane)
    expect(LANES).toHaveProperty(lane)
  })
})

describe('knownLane()', () => {
  it.each<[string, Lane]>([
    ['3101', 'inpatient'],
    ['9902', 'inpatient'],
    ['210104', 'inpatient'],
    ['140101', 'chronic'],
    ['9901', 'outpatient'],
    ['120', 'outpatient'],
  ])('med_type "%s" of an area is %s', (category, lane) => {
    expect(knownLane(category)).toBe(lane)
  })

  it.each(['', '99', 'ZZ', '2', '213', '21x1', '2101010', '9999', '8'])('knows no "%s"', (category) => {
    expect(knownLane(category)).toBeNull()
  })
})
