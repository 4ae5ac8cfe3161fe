/** The shelf of catalogue downloads: its rows are read on another thread, packed as they come. */
import { buffer, json } from 'node:stream/consumers'
import type { ReadableStream } from 'node:stream/web'
import type { Shelf } from '../pipeline/shelf.ts'
import { packedText } from '../text-zip.ts'
import type { Offload, Offloaded } from './offload.ts'

const streamOf = ({ body }: Offloaded) =>
  (body instanceof Uint8Array ? new Response(body).body! : body) as ReadableStream<Uint8Array>

/** Makes it. */
export function createShelf(offload: Pick<Offload, 'answer'>): Shelf {
  return {
    async count(page) {
      const answered = await offload.answer('catalogue-page', { ...page, lines: false })
      return (await json(streamOf(answered))) as Awaited<ReturnType<Shelf['count']>>
    },
    async file(page) {
      const text = await buffer(streamOf(await offload.answer('catalogue-page', { ...page, lines: true })))
      const end = text.indexOf('\n')
      const name = `${page.download}_${text.subarray(0, end).toString()}.txt`
      return buffer(packedText(name, text.subarray(end + 1)))
    },
  }
}
