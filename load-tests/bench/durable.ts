/**
 * The floor: the pass-through with two awaited commits, before the request leaves and before it is answered, and nothing
 * else. Group commit that clocks itself, one synced write a group, into a file that is there already; as many bytes as the
 * gateway's journal takes for a settlement of 20 lines. Told by its first argument: `{"upstream":"http://…","file":"…",
 * "sealed":true}`; sealed groups are encrypted and hashed, as what is personal has to be.
 */
import { createCipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, write, writeSync } from 'node:fs'
import { type HttpBindings, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyOf, createRelay } from './relay.ts'

interface Told {
  readonly upstream: string
  readonly file: string
  readonly sealed: boolean
}

const { upstream, file, sealed } = JSON.parse(process.argv[2]!) as Told
const FILE_BYTES = 64 * 1024 * 1024
/** Packed, a bill and its answer. */
const INTENT_BYTES = 3500
const OUTCOME_BYTES = 1700

function makeFile(): number {
  const descriptor = openSync(file, 'w', 0o600)
  const zeros = Buffer.alloc(1024 * 1024)
  for (let at = 0; at < FILE_BYTES; at += zeros.length) writeSync(descriptor, zeros, 0, zeros.length, at)
  fsyncSync(descriptor)
  closeSync(descriptor)
  return openSync(file, constants.O_WRONLY | constants.O_DSYNC)
}

function createCommit(descriptor: number): (bytes: Buffer) => Promise<void> {
  const key = createSecretKey(randomBytes(32))
  let waiting: { readonly bytes: Buffer; readonly done: () => void }[] = []
  let writing = false
  let offset = 0

  function groupOf(bytes: Buffer): Buffer {
    if (!sealed) return bytes
    const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12))
    const body = cipher.update(bytes)
    cipher.final()
    return Buffer.concat([body, cipher.getAuthTag(), createHash('sha256').update(body).digest()])
  }

  function flush(): void {
    const group = waiting
    waiting = []
    const bytes = groupOf(Buffer.concat(group.map((one) => one.bytes)))
    if (offset + bytes.length > FILE_BYTES) offset = 0
    writing = true
    write(descriptor, bytes, 0, bytes.length, offset, (cause) => {
      if (cause) throw cause
      writing = false
      for (const { done } of group) done()
      if (waiting.length > 0) flush()
    })
    offset += bytes.length
  }

  return (bytes) =>
    new Promise((done) => {
      waiting.push({ bytes, done })
      if (!writing && waiting.length === 1) queueMicrotask(() => writing || flush())
    })
}

const commit = createCommit(makeFile())
const relay = createRelay(upstream)
const app = new Hono<{ Bindings: HttpBindings }>()
app.post('*', async (context) => {
  const body = await bodyOf(context.env)
  await commit(body.subarray(0, INTENT_BYTES))
  const answer = await relay(context.req.path, body)
  await commit(answer.subarray(0, OUTCOME_BYTES))
  return context.body(answer as Uint8Array<ArrayBuffer>, 200, {
    'content-type': 'application/json; charset=utf-8',
  })
})
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.send?.({ url: `http://127.0.0.1:${port}` })
})
process.once('disconnect', () => {
  server.close()
  process.exit()
})
