/** A start loads drizzle in its CommonJS form: what makes it quick, as far as it can be seen without a clock. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

/** Loads drizzle in a process of its own and names the CommonJS modules of it that were loaded. */
function drizzleModules(...args: string[]): string[] {
  const source = `
    import { createRequire } from 'node:module'
    import { eq, sql } from 'drizzle-orm'
    import { drizzle } from 'drizzle-orm/better-sqlite3'
    const { cache } = createRequire(process.cwd() + '/x.js')
    console.log(JSON.stringify(Object.keys(cache).filter((file) => file.includes('drizzle-orm'))))`
  const all = [...args, '--input-type=module', '--eval', source]
  return JSON.parse(execFileSync(process.execPath, all, { cwd: ROOT, encoding: 'utf8' }))
}

it('preload.ts takes drizzle in its CommonJS form', () => {
  expect(drizzleModules()).toEqual([])
  expect(drizzleModules('--import', './src/preload.ts')).toEqual(
    expect.arrayContaining([expect.stringMatching(/better-sqlite3.index\.cjs$/)]),
  )
})
