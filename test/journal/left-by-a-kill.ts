/**
 * `node test/journal/left-by-a-kill.ts [COUNT] [BYTES]`: makes a data directory as a kill leaves it, with so many messages
 * open (20,000 of 5,000 bytes), starts the gateway on it and tells how long that took and the most memory it had. Linux only.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entry } from '../../src/journal/entry.ts'
import { openDisk } from '../../src/journal/open-disk.ts'
import { createSeal, readKey } from '../../src/journal/segment/seal.ts'
import { systemClock } from '../../src/ports.ts'
import { intent } from './support.ts'

const BATCH = 500
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'zhijie.mjs')

const count = Number(process.argv[2] ?? 20_000)
const bytes = Number(process.argv[3] ?? 5000)

/** The messages are no messages: nobody reads them while recovery is off. */
async function fill(dataDir: string): Promise<void> {
  const seal = createSeal(readKey({ key: null, keyFile: null, dataDir }))
  const disk = await openDisk({ dataDir, seal, clock: systemClock })
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index): Entry => {
      const id = from + index + 1
      const sealed = Buffer.from(randomBytes(bytes / 2).toString('hex'))
      const names = { key: `H62010200001|2207|M${id}`, message: `M${id}`, encounter: `E${id}` }
      return { exchange: { ...intent({ ...names, sealed, at: systemClock.now() }), id } }
    })
    await disk.commit(batch)
  }
  await disk.close()
}

const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-left-'))
try {
  await fill(dataDir)
  const began = performance.now()
  const gateway = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...process.env,
      ...{ ZHIJIE_DATA: dataDir, ZHIJIE_PORT: '0', ZHIJIE_LOG: 'error', ZHIJIE_RECOVERY: 'off' },
      ZHIJIE_UPSTREAM: 'national=http://127.0.0.1:9',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const gone = once(gateway, 'exit')
  await Promise.race([once(gateway, 'message'), gone])
  const seconds = (performance.now() - began) / 1000
  const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8')
  const [, user = 0, system = 0] =
    /\) . (?:\S+ ){10}(\d+) (\d+)/.exec(readFileSync(`/proc/${gateway.pid}/stat`, 'utf8')) ?? []
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1000
  const cpu = (Number(user) + Number(system)) / 100
  console.log(
    `${count} left open: ready after ${seconds.toFixed(1)} s (${cpu} s of processor), at most ${peak.toFixed(0)} MB`,
  )
  gateway.kill('SIGTERM')
  await gone
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
