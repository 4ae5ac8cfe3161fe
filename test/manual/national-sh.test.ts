/** The script of the walks sends each institution under the name that the register has for it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INSTITUTIONS } from '../../codebooks/institution/rows.ts'
import { PHARMACIES } from '../../codebooks/pharmacy.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/hospital-developer.md'), 'utf8')
const WALKED = [...new Set(['H62100290001', ...(PAGE.match(/(?<=^INSTITUTION=)\w+/gm) ?? [])])]

describe.skipIf(process.platform === 'win32')('docs/examples/national.sh', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zhijie-script-'))
    // A curl that shows what it would send.
    writeFileSync(join(folder, 'curl'), '#!/bin/sh\ncat\n')
    chmodSync(join(folder, 'curl'), 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = (env: Record<string, string>) =>
    spawnSync('sh', ['docs/examples/national.sh', '9001', '621002', '0001', '{}'], {
      cwd: ROOT,
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, ...env },
      encoding: 'utf8',
    })

  it('the walks are of a hospital and a pharmacy', () => expect(WALKED.length).toBeGreaterThan(1))

  it.each(WALKED)('sends the name of %s', (INSTITUTION) => {
    const known = [...INSTITUTIONS, ...PHARMACIES].find(({ code }) => code === INSTITUTION)
    expect(JSON.parse(run({ INSTITUTION }).stdout)).toMatchObject({
      fixmedins_code: INSTITUTION,
      fixmedins_name: known?.name,
    })
  })

  it('asks for the name of an institution that it does not know, and takes it', () => {
    const unnamed = run({ INSTITUTION: 'H62100299999' })
    expect([unnamed.status === 0, unnamed.stdout]).toEqual([false, ''])
    const named = run({ INSTITUTION: 'H62100299999', INSTITUTION_NAME: '示例医院' })
    expect(JSON.parse(named.stdout)).toMatchObject({ fixmedins_name: '示例医院' })
  })
})
