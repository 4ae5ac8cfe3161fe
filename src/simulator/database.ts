/** One SQLite file: opened durable, with its statements prepared once. */
import Database from 'better-sqlite3'

/** A value of a column. */
export type Cell = string | number | null

/** A row as it lies in the file. */
export type Row = Record<string, Cell>

/** An open file. */
export class Store {
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement>()

  /**
   * @param path the file, or `:memory:`
   * @param schema statements that create what is missing
   */
  constructor(path: string, schema: string) {
    this.#database = new Database(path)
    this.#database.pragma('journal_mode = WAL')
    this.#database.pragma('synchronous = FULL')
    this.#database.exec(schema)
  }

  #prepared(sql: string): Database.Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs a statement; answers how many rows it changed. */
  run(sql: string, ...values: Cell[]): number {
    return this.#prepared(sql).run(...values).changes
  }

  /** The first row. */
  row<T extends Row>(sql: string, ...values: Cell[]): T | undefined {
    return this.#prepared(sql).get(...values) as T | undefined
  }

  /** All rows. */
  rows<T extends Row>(sql: string, ...values: Cell[]): T[] {
    return this.#prepared(sql).all(...values) as T[]
  }

  /** Inserts a row by its column names. */
  insert(table: string, row: Row): void {
    const columns = Object.keys(row)
    const marks = columns.map(() => '?').join(', ')
    this.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ...Object.values(row))
  }

  /** Runs work in one transaction, or in a savepoint of the one that is open; a throw undoes it. */
  atomically<T>(work: () => T): T {
    return this.#database.transaction(work)()
  }

  /** Closes the file. */
  close(): void {
    this.#database.close()
  }
}
