/** A simulated platform is reached by loopback names alone, and pages of other sites change nothing there. */
import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { guard } from '../../src/simulator/guard.ts'

const app = new Hono().use(guard).all('/faults', (context) => context.text('in'))

it.each([
  ['GET', { host: '127.0.0.1:9000' }, 200],
  ['GET', { host: 'LocalHost:9000' }, 200],
  ['GET', { host: '[::1]:9000' }, 200],
  ['GET', { host: 'page.example' }, 421],
  ['GET', { host: '127.0.0.1.page.example' }, 421],
  ['GET', { host: '10.1.2.3' }, 421],
  ['POST', { host: 'localhost', 'sec-fetch-site': 'same-origin' }, 200],
  ['POST', { host: 'localhost', 'sec-fetch-site': 'cross-site' }, 403],
  ['POST', { host: 'localhost', 'sec-fetch-site': 'same-site' }, 403],
  ['GET', { host: 'localhost', 'sec-fetch-site': 'cross-site' }, 200],
  ['POST', { host: 'localhost:1', origin: 'http://localhost:1' }, 200],
  ['POST', { host: 'localhost:1', origin: 'http://localhost:2' }, 403],
  ['DELETE', { host: 'localhost:1', origin: 'null' }, 403],
] as const)('%s with %j is %i', async (method, headers, status) => {
  expect((await app.request('/faults', { method, headers })).status).toBe(status)
})
