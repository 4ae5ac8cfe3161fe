/** The document is made on a thread of its own, when somebody first asks for it: half a second that no counter waits. */
import { loadDialects } from '../../extension/registry.ts'
import type { Database } from '../../store/database.ts'
import { createDocument } from './document.ts'
import { routeOf } from './endpoint.ts'
import { restEndpoints } from './endpoints.ts'
import { settlement } from './settlements.ts'
import { statusRoute } from './status.ts'

/** What is asked. */
export interface DocumentQuestion {
  /** The dialect that the doors speak: `000000-national`. */
  readonly dialect: string
}

/** Routes are described and nothing is asked of them. */
const NO_DATABASE = null as unknown as Database

/** Makes the document. */
export async function documentOf({ dialect: id }: DocumentQuestion) {
  const dialect = (await loadDialects()).find((one) => one.id === id)
  if (!dialect) throw new Error(`There is no dialect "${id}"`)
  const endpoints = restEndpoints(NO_DATABASE)
  const described = endpoints.map(routeOf)
  // After the settlement: so whoever reads from top to bottom asks about it before it is cancelled.
  described.splice(endpoints.indexOf(settlement) + 1, 0, statusRoute)
  return createDocument(dialect, described)
}
