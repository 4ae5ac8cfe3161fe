/** Messages with the evidence of their codes, and the settlements of their visits. */
import type Sqlite from 'better-sqlite3'

/** A message with its evidence. */
export interface EvidenceRow {
  readonly id: number
  readonly institution: string
  readonly transaction: string
  readonly kind: string | null
  readonly encounter: string | null
  /** JSON, see `src/codes/evidence.ts`. */
  readonly evidence: string
  /** UTC milliseconds. */
  readonly at: number
}

const COLUMNS = 'id, institution, "transaction", kind, encounter, evidence, at'

/** The last messages with an effect that carry codes, latest first. @param count maximum number */
export function lastEvidence(client: Sqlite.Database, count: number): EvidenceRow[] {
  return client
    .prepare<[number], EvidenceRow>(
      `select ${COLUMNS} from exchange
       where evidence is not null and institution is not null and kind not in ('session', 'query', 'trial')
       order by id desc limit ?`,
    )
    .all(count)
}

/**
 * Prepares the query for all messages after a number, in order; some carry no codes. @param count maximum number
 */
export function evidenceAfter(client: Sqlite.Database, count: number): (id: number) => EvidenceRow[] {
  const rows = client.prepare<[number], EvidenceRow>(
    `select ${COLUMNS} from exchange where id > ? order by id limit ${count}`,
  )
  return (id) => rows.all(id)
}

/** Prepares the query for the first message from a number on, with its time of arrival. */
export function firstFrom(
  client: Sqlite.Database,
): (id: number) => { readonly id: number; readonly at: number } | undefined {
  const first = client.prepare<[number], { id: number; at: number }>(
    'select id, at from exchange where id >= ? order by id limit 1',
  )
  return (id) => first.get(id)
}

/** Prepares the query for the last settled amount of an encounter, in fen; 0 if there is none. */
export function billOfEncounter(client: Sqlite.Database): (encounter: string | null) => number {
  const bill = client
    .prepare<[string], number>(
      `select outcome.total from exchange join outcome on outcome.exchange = exchange.id
       where exchange.encounter = ? and outcome.state = 'accepted' and outcome.total > 0
       order by outcome.id desc limit 1`,
    )
    .pluck()
  return (encounter) => (encounter === null ? 0 : (bill.get(encounter) ?? 0))
}
