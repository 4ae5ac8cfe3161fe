/** The life of two workers: what one's death does to the other, how all end, and the commands beside them. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stretched } from '../support/stretched.ts'
import { about, messageId, type Said, type Visit, yes } from '../system/support.ts'
import { HEFEI, type Hospital, LANZHOU, startWorkers, type Workers } from './support.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'zhijie.mjs')

let system: Workers

beforeAll(async () => {
  system = await startWorkers(2)
})
afterEach(async () => {
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
})
afterAll(() => system.stop())

/** Runs a command on the data directory. */
async function command(...args: string[]) {
  const environment = { ...process.env, ZHIJIE_DATA: system.dataDir, ZHIJIE_LOG: 'silent', ZHIJIE_PORT: '0' }
  return promisify(execFile)(process.execPath, [MAIN, ...args], { env: environment }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: code as number, text: stdout + stderr }),
  )
}

/** The first question starts a thread, which takes longer than what is to be seen by the next ones. */
async function warmTally(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await system.page('/v1/tally')
}

async function until(what: () => Promise<boolean>): Promise<void> {
  await expect.poll(() => what().catch(() => false)).toBe(true)
}

const isReady = async () => (await system.page('/ready')).status === 200

/** What may be said while a worker is gone or what it did is being found out: the same message is sent again. */
const AGAIN = /用同一报文ID重发|工作进程|正在启动|正在处理|结果未知|平台可能已办理|请勿重复收费|另有一笔/

/** Whether there is no process of this number any more. */
function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

/** Sends a message until it has ended, as a counter would. */
async function sendAnyway(hospital: Hospital, visit: Visit, id: string): Promise<Said> {
  for (;;) {
    const said = await system
      .send(hospital, '2207', visit.settlement, id, about(hospital.person))
      .catch(() => null)
    if (said && (said.json.infcode === 0 || !AGAIN.test(said.json.err_msg))) return said
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function visitAnyway(hospital: Hospital): Promise<Visit> {
  for (;;) {
    const visit = await system.visit(hospital).catch(() => null)
    if (visit) return visit
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('a worker that is killed', () => {
  it('loses and doubles nothing, and the other goes on', async () => {
    const visits = new Map<Hospital, Visit[]>()
    for (const hospital of [HEFEI, LANZHOU]) {
      const those: Visit[] = []
      while (those.length < 12) those.push(await visitAnyway(hospital))
      visits.set(hospital, those)
    }
    await system.faults([{ kind: 'delay', transaction: '2207', ms: stretched(80), times: 200 }])
    const [, second] = system.pids()
    const ends = new Map<Hospital, number>([
      [HEFEI, 0],
      [LANZHOU, 0],
    ])
    let killed = false
    const all = [...visits].flatMap(([hospital, those]) =>
      those.map(async (visit, index) => {
        const id = messageId()
        // The first of the second worker's are in flight when it dies.
        if (hospital === LANZHOU && index === 3 && !killed) {
          killed = true
          setImmediate(() => process.kill(second!, 'SIGKILL'))
        }
        const said = await sendAnyway(hospital, visit, id)
        ends.set(hospital, ends.get(hospital)! + 1)
        return { hospital, visit, id, said }
      }),
    )
    const said = await Promise.all(all)
    expect([...ends.values()]).toEqual([12, 12])
    await until(isReady)
    expect(system.pids()).not.toContain(second)
    // The same keys once more: the answers are those of before.
    for (const { hospital, visit, id, said: first } of said) {
      const again = await system.send(hospital, '2207', visit.settlement, id, about(hospital.person))
      if (first.json.infcode === 0)
        expect(again.json.output.setlinfo.setl_id).toBe(first.json.output.setlinfo.setl_id)
    }
    for (const { hospital, said: one } of said) if (hospital === HEFEI) yes(one)
  })

  it('refuses its institutions in their own form meanwhile, while the others are served', async () => {
    const [first, second] = system.pids()
    const visit = await visitAnyway(HEFEI)
    process.kill(Math.max(first!, second!), 'SIGKILL')
    const refused = new Set<string>()
    let served = 0
    const question = { data: { psn_no: LANZHOU.person.number } }
    await until(async () => {
      const [one, other] = await Promise.all([
        system.send(LANZHOU, '2201', question, messageId()).catch(() => null),
        system.send(HEFEI, '2207', visit.settlement, messageId(), about(HEFEI.person)).catch(() => null),
      ])
      for (const said of [one, other]) {
        if (said?.json.err_msg && /工作进程/.test(said.json.err_msg)) refused.add(said.json.err_msg)
        else if (said) served += 1
      }
      return isReady()
    })
    expect([...refused].join()).toMatch(/第[12]个工作进程正在启动或停止，请稍后重发/)
    expect(served).toBeGreaterThan(0)
  })

  it('comes back with the recovery paused where an operator has paused it', async () => {
    const pause = (paused: boolean) =>
      system.page('/v1/recovery', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ paused }),
      })
    expect(await pause(true)).toMatchObject({ status: 200, json: { paused: true } })
    for (const pid of system.pids().slice(0, 1)) {
      process.kill(pid, 'SIGKILL')
      await until(async () => !system.pids().includes(pid) && (await isReady()))
    }
    expect((await system.page('/v1/open-cases')).json.paused).toBe(true)
    expect((await pause(false)).json.paused).toBe(false)
    expect((await system.page('/v1/open-cases')).json.paused).toBe(false)
  })
})

describe('the end of all', () => {
  it('answers what is in flight, ends with 0, and the next start goes on', async () => {
    const visits = await Promise.all([HEFEI, LANZHOU].map(visitAnyway))
    await warmTally()
    await system.faults([{ kind: 'delay', transaction: '2207', ms: stretched(1_500), times: 10 }])
    const settling = [HEFEI, LANZHOU].map((hospital, index) => {
      const { settlement } = visits[index]!
      return system.send(hospital, '2207', settlement, messageId(), about(hospital.person))
    })
    await until(async () => {
      const { json } = await system.page('/v1/tally')
      return json.open === 2
    })
    const [code, ...said] = await Promise.all([system.end(), ...settling])
    expect(code).toBe(0)
    for (const one of said) yes(one)
    await system.start()
    expect((await system.page('/v1/tally')).json.open).toBe(0)
  })

  it('is that of the workers where the primary is killed, and nothing is lost', async () => {
    const visits = await Promise.all([HEFEI, LANZHOU].map(visitAnyway))
    await warmTally()
    await system.faults([{ kind: 'delay', transaction: '2207', ms: stretched(1_500), times: 10 }])
    const ids = [messageId(), messageId()]
    const sent = [HEFEI, LANZHOU].map((hospital, index) =>
      system
        .send(hospital, '2207', visits[index]!.settlement, ids[index], about(hospital.person))
        .catch(() => null),
    )
    await until(async () => (await system.page('/v1/tally')).json.open === 2)
    const pids = system.pids()
    system.process().kill('SIGKILL')
    await Promise.all(sent)
    await system.start()
    // What they held is free a moment before the system has taken away their processes.
    await until(async () => pids.every(isGone))
    for (const [index, hospital] of [HEFEI, LANZHOU].entries()) {
      const said = await sendAnyway(hospital, visits[index]!, ids[index]!)
      expect(said.json.infcode === 0 || /冲正/.test(said.json.err_msg), said.json.err_msg).toBe(true)
    }
  })
})

describe('commands beside two workers', () => {
  it('are refused where they ask for another number', async () => {
    for (const args of [[], ['--workers', '1'], ['--workers', '3']]) {
      const { code, text } = await command('serve', ...args)
      expect(code).toBe(1)
      expect(text).toMatch(/of 2 workers.*--workers 2|Another gateway works in/)
    }
    expect(await command('serve', '--wokers', '2')).toMatchObject({ code: 2 })
    const { code, text } = await command('serve', '--workers', '65')
    expect([code, text]).toEqual([1, expect.stringContaining('from 1 to 64')])
  })

  it('verify, back up and put back the journals of both', async () => {
    const before = (await system.page('/v1/tally')).json
    const verified = await command('verify', system.dataDir, '--json')
    expect(verified.code, verified.text).toBe(0)
    const found = JSON.parse(verified.text.trim())
    expect(found).toMatchObject({ ok: true, running: true })
    expect(found.workers.length).toBe(2)
    const copy = join(system.dataDir, 'backup')
    const backedUp = await command('backup', copy)
    expect(backedUp.code, backedUp.text).toBe(0)
    expect((await command('verify', copy)).code).toBe(0)
    expect((await command('restore', copy)).text).toContain('Another gateway works in')
    await system.end()
    const refused = await command('restore', copy)
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('--replace')])
    const restored = await command('restore', copy, '--replace')
    expect(restored.code, restored.text).toBe(0)
    await system.start()
    expect((await system.page('/v1/tally')).json).toEqual(before)
  })
})
