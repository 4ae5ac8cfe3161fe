/** Everything under `codebooks/`, found by folder as the registry finds it. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Codebook, CodeMap } from '../../src/extension/codebook.ts'

const ROOT = join(import.meta.dirname, '../../codebooks')

async function defaultsOf<Kind>(paths: readonly string[]): Promise<Kind[]> {
  const modules = await Promise.all(paths.map((path) => import(path) as Promise<{ default: Kind | Kind[] }>))
  return modules.flatMap((module) => module.default)
}

const filesOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

const folders = readdirSync(ROOT).map((name) => join(ROOT, name, 'index.ts'))

/** All codebooks of the repository. */
export const codebooks = await defaultsOf<Codebook>([...filesOf(ROOT), ...folders.filter(existsSync)])

/** All maps of the repository. */
export const maps = await defaultsOf<CodeMap>(filesOf(join(ROOT, 'maps')))

/** Rows of the last edition of a codebook. */
export function rowsOf(id: string) {
  return codebooks.find((book) => book.id === id)?.editions.at(-1)?.entries ?? []
}
