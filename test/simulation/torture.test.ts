/** `npm run torture` says how it is used, and keeps what was done where a further proof cannot be carried out. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

function torture(...args: string[]) {
  const options = { encoding: 'utf8', env: { ...process.env, VITEST: '' } } as const
  return spawnSync(process.execPath, [join(import.meta.dirname, 'torture.ts'), ...args], options)
}

describe('npm run torture', () => {
  it('keeps what was done where a further proof cannot be carried out', () => {
    const { status, stdout, stderr } = torture('--seeds', '2', '--only', 'no such slip', '--json')
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ runs: 2 })
    expect(stderr).toContain('Not carried out: No mutant is named no such slip')
    expect(status).toBe(2)
  })

  it('names the slips of the gateway where it is asked for one that there is not', () => {
    const { status, stderr } = torture('--attacks', '--slip', 'none-such')
    expect(stderr).toContain('Not carried out: No slip is named none-such; there are no-intent, no-fence')
    expect(status).toBe(2)
  })

  it('says how it is used where it is asked, or is not understood', () => {
    const asked = torture('--help')
    expect(asked).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('--seeds') })
    const wrong = torture('--sedes', '3')
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toMatch(/--sedes[\s\S]*npm run torture/)
    expect(wrong.stderr).not.toContain('    at ')
  })
})
