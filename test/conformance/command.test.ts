/** `npm run conformance` over a gateway of its own: 230 transactions conform and nothing fails. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'zhijie-'))
afterAll(() => rmSync(directory, { recursive: true }))

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'zhijie.mjs')

it('every transaction of the catalogue conforms, in every lane, good and bad', async () => {
  const [page, junit] = [join(directory, 'card.html'), join(directory, 'junit.xml')]
  const args = [MAIN, 'conformance', '--json', '--html', page, '--junit', junit]
  const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 16_777_216 }).catch(
    (cause) => cause,
  )
  const { passed, failed, transactions, lanes } = JSON.parse(stdout.trim().split('\n').at(-1))
  expect([failed, stderr.split('conform,').at(-1)]).toEqual([0, expect.any(String)])
  expect(passed).toBeGreaterThanOrEqual(10_000)
  expect(transactions).toBeGreaterThanOrEqual(230)
  expect(lanes).toBeGreaterThan(20)
  expect(readFileSync(page, 'utf8')).toContain('没有不符合项')
  expect(readFileSync(junit, 'utf8')).toContain(`tests="${passed}" failures="0"`)
})

it('a target that does not answer fails in words and not with a stack', async () => {
  const place = join(directory, 'none.json')
  const args = [MAIN, 'conformance', '--target', 'http://127.0.0.1:1', '--place', place]
  const told = await run(process.execPath, args).catch((cause) => cause)
  expect(told.code).toBe(1)
  expect(told.stderr).toContain('no such file')
  expect(told.stderr).not.toContain('    at ')
})
