/** The thread that holds the older rows of the index against their proof. */
import { parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../../give-way.ts'
import { openClient } from '../../store/client.ts'
import { PROVEN } from '../../store/queries/proof.ts'
import { brokenText } from './index-mend.ts'
import { openProofCheck } from './index-proof.ts'
import type { FromRest, RestData } from './index-rest.ts'

/** Ids between two looks at the file: a reader that stays in it longer holds up what the log takes back. */
const SOME = 20_000

giveWay()
const { file, secret, rest } = workerData as RestData
const client = openClient(file, true)
const proof = openProofCheck(client, secret)

/** @returns the first that is broken, in words */
function firstBroken(): string | null {
  for (const table of PROVEN) {
    for (let below = rest[table]; below !== null; ) {
      const from = below
      // Rows and notes of one moment.
      const { left, broken } = client.transaction(() => proof.check(table, from, SOME))()
      if (broken[0]) return brokenText(broken[0])
      below = left
    }
  }
  return null
}

const told: FromRest = { broken: firstBroken() }
client.close()
parentPort!.postMessage(told)
