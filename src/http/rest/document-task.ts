/** Builds the OpenAPI document on a worker thread when first requested, since it takes half a second. */
import { loadDialects } from '../../extension/registry.ts'
import type { Database } from '../../store/database.ts'
import { createDocument } from './document.ts'
import { routeOf } from './endpoint.ts'
import { restEndpoints } from './endpoints.ts'
import { settlement } from './settlements.ts'
import { statusRoute } from './status.ts'

/** Parameters of the task. */
export interface DocumentQuestion {
  /** The dialect of the national endpoint: `000000-national`. */
  readonly dialect: string
}

/** Routes are only described, never called. */
const NO_DATABASE = null as unknown as Database

/** Builds the document. */
export async function documentOf({ dialect: id }: DocumentQuestion) {
  const dialect = (await loadDialects()).find((one) => one.id === id)
  if (!dialect) throw new Error(`There is no dialect "${id}"`)
  const endpoints = restEndpoints(NO_DATABASE)
  const described = endpoints.map(routeOf)
  // After the settlement, so that a reader going from top to bottom queries it before cancelling it.
  described.splice(endpoints.indexOf(settlement) + 1, 0, statusRoute)
  return createDocument(dialect, described)
}
