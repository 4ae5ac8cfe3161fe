/** Which transactions are asked over REST at the address that the catalogue gives them, without a program of their own. */
import type { Dialect, Operation } from '../../extension/dialect.ts'
import { ROUTES, type RoleRow } from '../roles.ts'

/** A transaction and its address. */
export interface Addressed {
  readonly operation: Operation
  /** `/v1/stock/sales`. */
  readonly path: string
}

/** `/v1/encounters/:encounter/lines` → `/v1/encounters/{encounter}/lines`. */
const written = new Set<string>(ROUTES.map(([, path]) => path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')))

/** The name of a lane in an address: `/v1/stock/sales` is of `stock`. */
export function restLaneOf(path: string): string {
  return path.split('/')[2] ?? ''
}

/** In the order of the catalogue's lanes, then of its transactions. Those that have a route of their own are not among them. */
export function addressed({ catalogue, operations }: Pick<Dialect, 'catalogue' | 'operations'>): Addressed[] {
  if (!catalogue) return []
  const { lanes, addresses } = catalogue.rest()
  const byLane = Map.groupBy(catalogue.heads.keys(), (number) => restLaneOf(addresses[number] ?? ''))
  return Object.keys(lanes)
    .flatMap((lane) => byLane.get(lane) ?? [])
    .flatMap((number) => {
      const [operation, path] = [operations[number], addresses[number]!]
      return operation && !written.has(path) ? [{ operation, path }] : []
    })
}

/** Their rows of the table of routes: hospitals ask them, as they ask everything at the counter. */
export function addressedRows(dialect: Pick<Dialect, 'catalogue' | 'operations'>): RoleRow[] {
  return addressed(dialect).map(({ path }): RoleRow => ['POST', path, ['hospital']])
}
