/** The demonstration waits for open cases as long as they become fewer, and says how many are left. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { settleDown } from '../../src/demo/day.ts'

const servers: ReturnType<typeof createServer>[] = []
afterEach(() => servers.splice(0).forEach((server) => void server.close()))

/** A gateway that shows so many open cases, one number a question. */
async function gatewayWith(counts: () => number): Promise<string> {
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ total: counts(), cases: [] }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('settleDown()', () => {
  it('waits as long as fewer are left each time, however little patience there is', async () => {
    let open = 4
    const url = await gatewayWith(() => {
      open -= 1
      return open
    })
    const seen: number[] = []
    // Each question alone outlasts this patience.
    expect(await settleDown(url, 0.001, (left) => seen.push(left))).toBe(0)
    expect(seen).toEqual([3, 2, 1])
  })

  it('ends where it comes no further, and says how many are left', async () => {
    const url = await gatewayWith(() => 2)
    expect(await settleDown(url, 0.001, () => {})).toBe(2)
  })
})
