/** The open loop waits for nobody, and times from the moment at which a message was due. */
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { drive } from '../../load-tests/kit/drive.ts'
import type { PlannedVisit } from '../../load-tests/kit/plan.ts'
import { openSender, type Sample } from '../../load-tests/kit/sender.ts'

const visitAt = (dueMs: number) => ({ dueMs, number: dueMs }) as PlannedVisit

it('begins every visit while the first one still hangs', async () => {
  const begun: number[] = []
  const first = Promise.withResolvers<void>()
  let now = 0
  const elapsed = () => {
    now += 1
    return now
  }
  await drive(
    [1, 2, 3, 4].map(visitAt),
    async ({ dueMs }) => {
      begun.push(dueMs)
      if (dueMs === 1) await first.promise
      if (dueMs === 4) first.resolve()
    },
    elapsed,
    new AbortController().signal,
  )
  expect(begun).toEqual([1, 2, 3, 4])
})

it('ends the arrivals when it is told to, and waits for what has begun', async () => {
  const ended = new AbortController()
  const done: number[] = []
  await drive(
    [1, 2, 1_000_000].map(visitAt),
    async ({ dueMs }) => {
      if (dueMs === 2) ended.abort()
      await Promise.resolve()
      done.push(dueMs)
    },
    () => 10,
    ended.signal,
  )
  expect(done).toEqual([1, 2])
})

it('counts the time from the due moment, and what the gateway never answers as unknown', async () => {
  const server = createServer((request, response) => {
    request.resume()
    if (request.headers['content-length'] === undefined) response.end()
    else response.writeHead(200, { 'server-timing': 'own;dur=1.5' }).end('{"infcode":0,"output":{"a":1}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const samples: Sample[] = []
  const lateness: number[] = []
  const sender = openSender(
    url,
    [],
    {
      sent: (_transaction, _dueMs, lateMs) => lateness.push(lateMs),
      answered: (sample) => samples.push(sample),
    },
    () => 500,
  )
  const visit = {
    destination: '340000',
    hospital: { code: 'H34010290001', name: '', area: '340102' },
    person: { insurance: [{ insuplc_admdvs: '340104' }] },
  } as unknown as PlannedVisit
  expect(await sender.send(visit, '2207', {}, 100)).toEqual({ output: { a: 1 }, outcome: 'yes' })
  expect(samples[0]).toMatchObject({ dueMs: 100, endMs: 500, outcome: 'yes', times: { own: 1.5 } })
  expect(lateness).toEqual([400])
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect((await sender.send(visit, '2207', {}, 100)).outcome).toBe('unknown')
  expect(sender.heard).toEqual({ sent: 2, yes: 1 })
  await sender.close()
})
