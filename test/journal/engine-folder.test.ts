/** An engine of the journal is one folder: which files know the embedded one, and that another needs none of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const JOURNAL = 'src/journal/'

/** The port, what is said over it, and the rules over all engines. */
const PORT = [
  'engine.ts',
  'entry.ts',
  'exchange-state.ts',
  'journal.ts',
  'left-open.ts',
  'maybe-promise.ts',
  'noes.ts',
  'same-body.ts',
].map((name) => JOURNAL + name)

function importsOf(folder: string): (readonly [file: string, imported: string])[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)].map(
        ([, name]) => [file, normalize(join(dirname(file), name!))] as const,
      ),
    )
}

/** Files outside the journal that know a room of the embedded engine, and what for. A third engine touches none of them but the first. */
const KNOWS: Readonly<Record<string, string>> = {
  'src/app.ts': 'opens the engine',
  'src/commands/backup.ts': 'copies its files',
  'src/commands/codes-rehearse.ts': 'reads its files beside it',
  'src/commands/compared.ts': 'the mark of a restore lies beside its files',
  'src/commands/report.ts': 'the key of its files',
  'src/commands/restore.ts': 'puts its files back',
  'src/commands/serve-workers.ts': 'the key of its files',
  'src/commands/verify.ts': 'checks its files',
  'src/config.ts': 'the bounds of the length of its segments',
  'src/http/operations.ts': 'the bounds of its archive',
  'src/pipeline/fence.ts': 'what a mark of a restore says',
  'src/pipeline/look-first.ts': 'what a mark of a restore says',
  'src/reports/import-task.ts': 'the settings of its key',
  'src/reports/rehearsal/uses.ts': 'reads its files beside it',
  'src/store/queries/columns.ts': 'which fields of its records the tables hold',
  'src/store/queries/index-rows.ts': 'how far its index has come',
  'src/store/queries/proof.ts': 'which of its records are proven',
  'src/store/queries/recheck.ts': 'its records and their places',
}

it('of the rest of src only these files know a room of the embedded engine', () => {
  const known = importsOf('src')
    .filter(([file, imported]) => !file.startsWith(JOURNAL) && imported.startsWith(JOURNAL))
    .filter(([, imported]) => !PORT.includes(imported))
    .map(([file]) => file)
  expect([...new Set(known)].sort()).toEqual(Object.keys(KNOWS).sort())
})

it('the rules of the journal know no engine', () => {
  const outside = PORT.flatMap((file) => importsOf('src/journal').filter(([from]) => from === file))
    .filter(([, imported]) => imported.startsWith(JOURNAL) && !PORT.includes(imported))
    .map(([file, imported]) => `${file} → ${imported}`)
  expect(outside).toEqual([])
})

it('another engine is one folder, over the port and what is said over it', () => {
  const folder = 'test/journal/shared/'
  const tables = 'test/journal/memory-tables.ts'
  const others = importsOf(folder).filter(
    ([, imported]) => !imported.startsWith(folder) && imported !== tables && imported !== 'src/ports.ts',
  )
  expect(others.length).toBeGreaterThan(3)
  expect(others.filter(([, imported]) => !PORT.includes(imported))).toEqual([])
})
