/** Where a process may make no code out of texts, a bill of many lines is settled as any other. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SCRIPT = join(import.meta.dirname, 'settle-eight-lines.ts')

it('three bills of eight lines are settled under --disallow-code-generation-from-strings', () => {
  const ran = spawnSync(process.execPath, ['--disallow-code-generation-from-strings', SCRIPT], {
    encoding: 'utf8',
  })
  expect({ status: ran.status, out: ran.stdout, err: ran.stderr }).toEqual({
    status: 0,
    out: 'settled 2207\nsettled 2207\nsettled 2207\n',
    err: '',
  })
})
