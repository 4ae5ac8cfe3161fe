/** An endpoint is switched by whoever can, and what others had set at a simulated platform is back afterwards. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { switchOf } from '../../load-tests/kit/darkness.ts'
import { type Platform, startPlatform } from '../../src/simulator/platform.ts'

const directory = mkdtempSync(join(tmpdir(), 'zhijie-dark-'))
let platform: Platform

beforeAll(async () => {
  const engineDelay = { fromMs: 0, toMs: 0 }
  platform = await startPlatform({ engineDelay, dataDir: directory, port: 0, platform: '340000' })
})
afterAll(async () => {
  await platform.close()
  rmSync(directory, { recursive: true, force: true })
})

const options = (more: object) => ({
  province: '340000',
  url: undefined,
  command: undefined,
  call: undefined,
  say: () => {},
  ...more,
})
const faults = async () =>
  ((await (await fetch(`${platform.url}/faults`)).json()) as { faults: { kind: string }[] }).faults

describe('switchOf()', () => {
  it('tells a simulated platform, and puts the faults of others back', async () => {
    await fetch(`${platform.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"kind":"delay","ms":5}',
    })
    const own = await switchOf(options({ url: platform.url }))
    await own.turn('dark')
    expect((await faults()).map(({ kind }) => kind)).toContain('drop-before')
    await own.turn('back')
    expect((await faults()).map(({ kind }) => kind)).toEqual(['delay'])
  })

  it('runs a command with dark and back, and says so where it fails', async () => {
    const file = join(directory, 'told')
    const own = await switchOf(options({ command: `echo >> ${file}` }))
    await own.turn('dark')
    await own.turn('back')
    expect(readFileSync(file, 'utf8').trim().split(/\s+/)).toEqual(['dark', 'back'])
    const broken = await switchOf(options({ command: 'exit 3 #' }))
    await expect(broken.turn('dark')).rejects.toThrow('ended with code 3')
  })

  it('calls an address', async () => {
    const told: string[] = []
    const server = createServer(async (request, response) => {
      for await (const chunk of request) told.push(String(chunk))
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const call = `http://127.0.0.1:${(server.address() as { port: number }).port}/switch`
    await (await switchOf(options({ call }))).turn('dark')
    expect(told.map((body) => JSON.parse(body))).toEqual([{ province: '340000', state: 'dark' }])
    server.closeAllConnections()
    server.close()
  })

  it('asks the operator where nobody else can', async () => {
    const said: string[] = []
    const own = await switchOf(options({ say: (line: string) => said.push(line) }))
    await own.turn('back')
    expect(said.join()).toContain('340000')
  })
})
