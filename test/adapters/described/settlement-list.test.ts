/** The identity block of a settlement list is asked for where the place wants it: not in Hunan since 2022-06. */
import { describe, expect, it } from 'vitest'
import { AREAS, sample, take } from './support.ts'

const IDENTITY = ['psn_name', 'certno', 'gend', 'brdy', 'patn_cert_type', 'insuplc', 'hsorg', 'psn_cashpay']

function without(province: '43' | '', fields: readonly string[]) {
  const { setlinfo, ...rest } = sample('4101', province, { whole: true }) as {
    setlinfo: Record<string, unknown>
  }
  const left = Object.entries(setlinfo).filter(([field]) => !fields.includes(field))
  return { ...rest, setlinfo: Object.fromEntries(left) }
}

describe('4101', () => {
  it('without identity is taken in Hunan', () => {
    expect(take('4101', without('43', IDENTITY), AREAS['43']).operation.transaction).toBe('4101')
  })

  it.each(IDENTITY)('without %s is refused elsewhere', (field) => {
    expect(() => take('4101', without('', [field]), AREAS[''])).toThrow(field)
  })

  it('without the number of the person is refused in Hunan', () => {
    expect(() => take('4101', without('43', ['psn_no']), AREAS['43'])).toThrow('psn_no')
  })
})
