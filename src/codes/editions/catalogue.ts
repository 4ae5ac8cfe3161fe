/** The catalogue of imported editions: one small file, replaced atomically by a rename. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Day, Instant } from '../../domain/day.ts'
import { syncDirectory } from '../../fsync.ts'
import type { EditionHead } from '../store/rows.ts'

/** Lifecycle states of an edition. The gateway uses only published ones. */
export const EDITION_STATES = ['maintained', 'reviewed', 'publicised', 'published'] as const

/** One of `EDITION_STATES`. */
export type EditionState = (typeof EDITION_STATES)[number]

/** One step of the lifecycle: who took it, and when. The history is append-only. */
export interface EditionStep {
  readonly state: EditionState
  readonly by: string
  readonly at: Instant
}

/** An edition as an importer delivers it. */
export interface NewEdition extends EditionHead {
  readonly state: EditionState
  /** Who made it. */
  readonly maker: string
  /** Who checked it, if it was published at once; never the maker. */
  readonly checker?: string | undefined
}

/** An imported edition. */
export interface ShelfEdition extends NewEdition {
  readonly rows: number
  /** Its steps so far, oldest first. */
  readonly history: readonly EditionStep[]
}

/** The unit of packing: a national table, or the map from one local system to one national table. */
export interface ShelfBook {
  /** Null for a national table. */
  readonly system: string | null
  /** Id of the codebook: `diagnosis`. */
  readonly standard: string
  /** Name of the packed file in `codes/`. */
  readonly file: string
  readonly bytes: number
  /** Checksum of the packed file. */
  readonly crc32: number
  /** By first day, in the same order as in the packed file. */
  readonly editions: readonly ShelfEdition[]
}

/** All imported books. */
export interface EditionCatalogue {
  /** Incremented with every change. */
  readonly revision: number
  readonly books: readonly ShelfBook[]
}

const EMPTY: EditionCatalogue = { revision: 0, books: [] }

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .transform((text) => text as Day)

const instant = z.int().transform((at) => at as Instant)

const catalogue = z.object({
  revision: z.int(),
  books: z.array(
    z.object({
      system: z.string().nullable(),
      standard: z.string(),
      file: z.string().regex(/^[\w.-]+$/),
      bytes: z.int(),
      crc32: z.int(),
      editions: z.array(
        z.object({
          version: z.string(),
          from: day,
          dataAsOf: day.optional(),
          published: day.optional(),
          source: z.object({ grade: z.enum(['F', 'K', 'A', 'not verified']), text: z.string() }),
          status: z.literal('draft').optional(),
          state: z.enum(EDITION_STATES),
          maker: z.string(),
          checker: z.string().optional(),
          rows: z.int(),
          history: z
            .array(z.object({ state: z.enum(EDITION_STATES), by: z.string(), at: instant }))
            .default([]),
        }),
      ),
    }),
  ),
})

/** The directory of the packed files. */
export function shelfDirectory(dataDir: string): string {
  return join(dataDir, 'codes')
}

/** The file of the catalogue. */
export function catalogueFile(dataDir: string): string {
  return join(shelfDirectory(dataDir), 'shelf.json')
}

/** Reads the catalogue; empty if nothing was ever imported. @throws if it is not readable */
export function readCatalogue(dataDir: string): EditionCatalogue {
  const file = catalogueFile(dataDir)
  if (!existsSync(file)) return EMPTY
  try {
    return catalogue.parse(JSON.parse(readFileSync(file, 'utf8'))) as EditionCatalogue
  } catch (cause) {
    throw new Error(`${file} is not readable; restore it from a backup, or import the editions again`, {
      cause,
    })
  }
}

/** Replaces the catalogue atomically: after a crash either the old or the new one is there, complete. */
export function writeCatalogue(dataDir: string, next: EditionCatalogue): void {
  const file = catalogueFile(dataDir)
  const handle = openSync(`${file}.part`, 'w', 0o600)
  writeSync(handle, JSON.stringify(next, null, 1))
  fsyncSync(handle)
  closeSync(handle)
  renameSync(`${file}.part`, file)
  syncDirectory(shelfDirectory(dataDir))
}
