/** The question that asks a platform only whether it answers. */
import { identityCheck } from '../../src/domain/person.ts'
import type { Composed } from '../../src/extension/dialect.ts'

/** Seventeen digits of nobody: no area begins with 99, and the serial number 000 is not given out. */
const NOBODY = '99000019000101000'

/**
 * 1101 for a document number that belongs to nobody but reads like one, so that it is passed on to the insured place and
 * not turned away before. That a query of a person who does not exist changes and counts nothing there is assumed. [A]
 */
export const probe: Composed = {
  transaction: '1101',
  input: {
    data: {
      mdtrt_cert_type: '02',
      mdtrt_cert_no: NOBODY + identityCheck(NOBODY),
      psn_cert_type: '01',
      certno: NOBODY + identityCheck(NOBODY),
    },
  },
}
