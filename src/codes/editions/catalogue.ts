/** The catalogue of the shelf: what was imported, as one small file that is switched by a rename. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Day, Instant } from '../../domain/day.ts'
import { syncDirectory } from '../../fsync.ts'
import type { EditionHead } from '../store/rows.ts'

/** How far an edition has come. Only published editions are used by the gateway. */
export const EDITION_STATES = ['maintained', 'reviewed', 'publicised', 'published'] as const

/** One of `EDITION_STATES`. */
export type EditionState = (typeof EDITION_STATES)[number]

/** One step of an edition: who took it to a state, and when. Steps are added and never changed. */
export interface EditionStep {
  readonly state: EditionState
  readonly by: string
  readonly at: Instant
}

/** An edition as an importer hands it over. */
export interface NewEdition extends EditionHead {
  readonly state: EditionState
  /** Who made it. */
  readonly maker: string
  /** Who checked it, where it was published at once; another person than the maker. */
  readonly checker?: string | undefined
}

/** An edition on the shelf. */
export interface ShelfEdition extends NewEdition {
  readonly rows: number
  /** How it came to its state, oldest first. */
  readonly history: readonly EditionStep[]
}

/** What is packed together: a national table, or the map of one local system to one national table. */
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
  /** In order of their first day; the packed file holds them in the same order. */
  readonly editions: readonly ShelfEdition[]
}

/** Everything on the shelf. */
export interface EditionCatalogue {
  /** Grows by one with every change. */
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

/** The folder of the shelf. */
export function shelfDirectory(dataDir: string): string {
  return join(dataDir, 'codes')
}

/** The file of the catalogue. */
export function catalogueFile(dataDir: string): string {
  return join(shelfDirectory(dataDir), 'shelf.json')
}

/** Reads the catalogue; an empty one where nothing was ever imported. @throws where it is not readable */
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

/** Switches the catalogue: after a fall of the machine either the former or the new one is there, whole. */
export function writeCatalogue(dataDir: string, next: EditionCatalogue): void {
  const file = catalogueFile(dataDir)
  const handle = openSync(`${file}.part`, 'w', 0o600)
  writeSync(handle, JSON.stringify(next, null, 1))
  fsyncSync(handle)
  closeSync(handle)
  renameSync(`${file}.part`, file)
  syncDirectory(shelfDirectory(dataDir))
}
