/** The thread that kills does so when it sees what it looks for in files, and lets a process live otherwise. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KillerData, Look } from './kills/killer.worker.ts'

let directory: string
let child: ChildProcess

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'zhijie-killer-'))
  child = spawn(process.execPath, ['-e', 'process.send(1); setInterval(() => {}, 1e6)'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
})

afterEach(() => {
  child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

/** @param act what is done once the thread looks */
async function kills(look: Look, limitMs: number, act: () => void): Promise<boolean> {
  const workerData: KillerData = { look, pid: child.pid!, limitMs }
  const gone = once(child, 'exit')
  const worker = new Worker(new URL('./kills/killer.worker.ts', import.meta.url), { workerData })
  const [first] = await once(worker, 'message')
  expect(first).toBe('looking')
  act()
  const [found] = await once(worker, 'message')
  if (found) expect(await gone).toEqual([null, 'SIGKILL'])
  return found
}

describe('the killer', () => {
  it('kills when a file is being made', async () => {
    const act = () => writeFileSync(join(directory, '0000000001.segment.gz.part'), '')
    expect(await kills({ at: 'part', directory }, 60_000, act)).toBe(true)
  })

  it('kills when a new segment is there', async () => {
    writeFileSync(join(directory, '0000000001.segment'), '')
    const act = () => writeFileSync(join(directory, '0000000002.segment'), '')
    expect(await kills({ at: 'new-segment', directory }, 60_000, act)).toBe(true)
  })

  it('lets a process live that makes neither', async () => {
    writeFileSync(join(directory, 'head.new'), '')
    const act = () => renameSync(join(directory, 'head.new'), join(directory, 'head'))
    expect(await kills({ at: 'new-segment', directory }, 300, act)).toBe(false)
    expect(child.exitCode).toBeNull()
  })
})
