/** Identity numbers of nobody: area 9900xx is not assigned to anyone, so every one of them is invented. */
import fc from 'fast-check'
import { identityCheck } from '../../src/domain/person.ts'

/** Seventeen digits with the check character behind them. */
export const numbered = (body: string) => body + identityCheck(body)

/** Any of them. */
export const invented = fc
  .tuple(
    fc.nat(99),
    fc.date({ min: new Date('1900-01-01'), max: new Date('2024-12-31'), noInvalidDate: true }),
    fc.nat(999),
  )
  .map(([area, birth, serial]) => {
    const pad = (value: number, digits: number) => String(value).padStart(digits, '0')
    return numbered(
      `9900${pad(area, 2)}${birth.toISOString().slice(0, 10).replaceAll('-', '')}${pad(serial, 3)}`,
    )
  })
