/** The hand-written English endpoints, in the order of a visit. */
import type { Database } from '../../store/database.ts'
import { discharge, encounters, lines } from './encounters.ts'
import type { Endpoint } from './endpoint.ts'
import { eligibility, filing } from './person.ts'
import { purchase, purchaseTrial } from './purchases.ts'
import { selfPayEndpoint } from './self-pay.ts'
import { cancellation, preSettlement, settlement } from './settlements.ts'

/** All of them. */
export function restEndpoints(database: Database): Endpoint[] {
  return [
    ...[eligibility, filing, encounters, lines, preSettlement, discharge, settlement, cancellation],
    ...[selfPayEndpoint(database), purchaseTrial, purchase],
  ]
}
