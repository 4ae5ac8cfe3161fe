/** Transactions offered over REST at the address given by the catalogue, without code of their own. */
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

/** The lane in an address: `/v1/stock/sales` belongs to `stock`. */
export function restLaneOf(path: string): string {
  return path.split('/')[2] ?? ''
}

/** In the order of the catalogue's lanes and transactions, without those that have a route of their own. */
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

/** Their rows in the table of routes: for hospitals, like everything used at the counter. */
export function addressedRows(dialect: Pick<Dialect, 'catalogue' | 'operations'>): RoleRow[] {
  return addressed(dialect).map(({ path }): RoleRow => ['POST', path, ['hospital']])
}
