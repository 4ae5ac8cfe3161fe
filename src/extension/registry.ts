/**
 * Finds dialects and codebooks by reading their folders at startup. Adding a province or a code set is one folder and
 * no other edit; an invalid entry aborts the start with its name.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Codebook, CodeMap } from './codebook.ts'
import type { Dialect } from './dialect.ts'

/** Everything found in the folders. */
export interface Registry {
  readonly dialects: readonly Dialect[]
  readonly codebooks: readonly Codebook[]
  readonly maps: readonly CodeMap[]
}

const ROOT = join(import.meta.dirname, '..', '..')

/** The modules of a folder: its `.ts` files, and the `index.ts` of each subfolder not excluded. */
async function modulesOf(folder: string, leaveOut: readonly string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => !leaveOut.includes(entry.name))
    .map((entry) => join(folder, entry.name, entry.isDirectory() ? 'index.ts' : ''))
    .map((file) => file.replace(/\/$/, ''))
    .filter((file) => file.endsWith('.ts') && existsSync(file))
    .sort()
}

async function load<Entry>(
  files: readonly string[],
  isOne: (value: unknown) => value is Entry,
): Promise<Entry[]> {
  const loaded: Entry[] = []
  const modules = await Promise.all(
    files.map(async (file) => ({
      file,
      module: (await import(pathToFileURL(file).href)) as { default?: unknown },
    })),
  )
  for (const { file, module } of modules) {
    const entries = Array.isArray(module.default) ? module.default : [module.default]
    for (const entry of entries) {
      if (!isOne(entry)) throw new Error(`${file} does not export by default what its folder is for`)
      loaded.push(entry)
    }
  }
  return loaded
}

function has(value: unknown, ...fields: string[]): boolean {
  return typeof value === 'object' && value !== null && fields.every((field) => field in value)
}

const isDialect = (value: unknown): value is Dialect => has(value, 'id', 'operations', 'open')
const isCodebook = (value: unknown): value is Codebook => has(value, 'id', 'editions', 'shape')
const isCodeMap = (value: unknown): value is CodeMap => has(value, 'system', 'standard', 'editions')

/** Loads only dialects. @throws as `loadRegistry` */
export async function loadDialects(root: string = ROOT): Promise<Dialect[]> {
  return load(await modulesOf(join(root, 'adapters')), isDialect)
}

/** Loads only codebooks and maps. @throws as `loadRegistry` */
export async function loadCodebooks(root: string = ROOT): Promise<Omit<Registry, 'dialects'>> {
  const codebooks = await load(await modulesOf(join(root, 'codebooks'), ['maps']), isCodebook)
  const maps = await load(await modulesOf(join(root, 'codebooks', 'maps')), isCodeMap)
  return { codebooks, maps }
}

/** Loads all folders. @throws if an entry is invalid, or an id occurs twice */
export async function loadRegistry(root: string = ROOT): Promise<Registry> {
  const dialects = await loadDialects(root)
  const { codebooks, maps } = await loadCodebooks(root)
  for (const list of [dialects, codebooks]) {
    const ids = list.map((entry) => entry.id)
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice) throw new Error(`"${twice}" is registered twice`)
  }
  return { dialects, codebooks, maps }
}
