/** Takes ConceptMaps in: all work is done off the thread that serves, one at a time. */
import { Worker } from 'node:worker_threads'
import { FhirFault, type Issue } from './operation-outcome.ts'
import type { Release } from './release.ts'
import type { NamedSystems } from './systems.ts'

/** What the worker is started with. */
export interface ImportOrder {
  readonly release: Release
  readonly dataDir: string
  readonly named: NamedSystems
  readonly body: Uint8Array
  /** First day, where the address names it. */
  readonly effective: string | undefined
  /** Id of the resource's address, where it has one. */
  readonly id: string | undefined
  /** Who hands it in. */
  readonly maker: string
  /** Code systems for which it may do so; null for all. */
  readonly own: ReadonlySet<string> | null
}

/** What the worker answers. */
export type ImportAnswer =
  | {
      readonly taken: true
      readonly id: string
      readonly rows: number
      readonly version: string
      /** What is to be told of what was taken. */
      readonly remarks: readonly Issue[]
    }
  | { readonly taken: false; readonly status: 400 | 403 | 404 | 409 | 422; readonly issues: readonly Issue[] }

/** The import of one gateway. */
export interface MapImporter {
  /** @throws {FhirFault} if nothing was taken */
  take(order: Omit<ImportOrder, 'dataDir' | 'named'>): Promise<Extract<ImportAnswer, { taken: true }>>
}

/** Makes it. @param of where the shelf lies, and the addresses of code systems */
export function createMapImporter(of: Pick<ImportOrder, 'dataDir' | 'named'>): MapImporter {
  let busy = false

  function run(order: ImportOrder): Promise<ImportAnswer> {
    const worker = new Worker(new URL('./import.worker.ts', import.meta.url), { workerData: order })
    return new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('The import of a map has ended without an answer')))
    })
  }

  return {
    async take(order) {
      if (busy) {
        throw new FhirFault(503, {
          code: 'transient',
          text: '另一个对照表正在导入，请稍后再试；没有写入任何内容',
        })
      }
      busy = true
      try {
        const answer = await run({ ...order, ...of })
        if (!answer.taken) throw new FhirFault(answer.status, ...answer.issues)
        return answer
      } finally {
        busy = false
      }
    },
  }
}
