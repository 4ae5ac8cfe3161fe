/** A conformance run speaks to the REST door as a hospital does; what has no address there goes the other way. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { openRestTarget } from '../../src/conformance/rest-target.ts'
import type { Target } from '../../src/conformance/target.ts'

const sender = { institution: 'H43090290001', name: '甲', treatmentArea: '430902', insuredArea: '440100' }
const heard = { yes: true, text: '', output: null, bytes: 'national', ms: 1 }
const national: Target = {
  write: () => ({ id: 'N', body: '{}' }),
  send: async () => heard,
  close: async () => {},
}

it('asks at the address with the id as key, and reads answers and problems', async () => {
  const asked: unknown[] = []
  const server = createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const body = JSON.parse(Buffer.concat(parts).toString())
    asked.push([request.method, request.url, request.headers['idempotency-key'], body])
    response.statusCode = asked.length === 1 ? 200 : 422
    response.end(
      JSON.stringify(
        asked.length === 1 ? { messageId: 'M', output: { a: 1 } } : { detail: 'data.a 不能为空' },
      ),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const target = openRestTarget(url, null, 1, national, new Map([['3511', '/v1/stock/sales/query']]))
  try {
    const sent = target.write(sender, '3511', { data: { a: 1 } })
    expect(await target.send(sent)).toMatchObject({ yes: true, output: { a: 1 } })
    expect(await target.send(sent)).toMatchObject({ yes: false, text: 'data.a 不能为空' })
    const { institution, treatmentArea, insuredArea } = sender
    const body = { institution, treatmentArea, insuredArea, data: { a: 1 } }
    const [, , key] = asked[0] as string[]
    expect(asked[0]).toEqual(['POST', '/v1/stock/sales/query', key, body])
    // The id, but with no digits in a row that could pass for the number of a person.
    expect(key!.replaceAll('-', '')).toBe(sent.id)
    expect(key).not.toMatch(/\d{15}/)
    expect(asked[1]).toEqual(asked[0])
    expect(await target.send(target.write(sender, '2207', {}))).toBe(heard)
  } finally {
    await target.close()
    server.close()
  }
})
