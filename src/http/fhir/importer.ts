/** Imports ConceptMaps on a worker thread, one at a time. */
import { Worker } from 'node:worker_threads'
import { FhirFault, type Issue } from './operation-outcome.ts'
import type { Release } from './release.ts'
import type { NamedSystems } from './systems.ts'

/** Input of the worker. */
export interface ImportOrder {
  readonly release: Release
  readonly dataDir: string
  readonly named: NamedSystems
  readonly body: Uint8Array
  /** First day, if the address gives one. */
  readonly effective: string | undefined
  /** Resource id in the address, if it has one. */
  readonly id: string | undefined
  /** Who submits it. */
  readonly maker: string
  /** Code systems that the caller may maintain; null for all. */
  readonly own: ReadonlySet<string> | null
}

/** Output of the worker. */
export type ImportAnswer =
  | {
      readonly taken: true
      readonly id: string
      readonly rows: number
      readonly version: string
      /** Remarks on what was imported. */
      readonly remarks: readonly Issue[]
    }
  | { readonly taken: false; readonly status: 400 | 403 | 404 | 409 | 422; readonly issues: readonly Issue[] }

/** The map importer of a gateway. */
export interface MapImporter {
  /** @throws {FhirFault} if nothing was imported */
  take(order: Omit<ImportOrder, 'dataDir' | 'named'>): Promise<Extract<ImportAnswer, { taken: true }>>
}

/** Creates it. @param of the data directory, and the addresses of code systems */
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
