/** All stores in one process, asked in turns: what one question and one bill of 200 lines cost. */
import { createCodes } from '../../src/codes/codes.ts'
import { median } from '../statistics.ts'
import { CONSUMABLE, drawnCodes, IN_USE, TODAY } from './rows.ts'
import { type Ask, askMap, askPacked, askSqlite, fillMap, type MapRow, openPacked } from './stores.ts'

const ROUNDS = 15
const QUESTIONS = 20_000
const LINES = 200
/** Milliseconds of a piece of work. */
function timed(work: () => void): number {
  const from = performance.now()
  work()
  return performance.now() - from
}

/** Milliseconds of this thread's processor for a piece of work: what others on the machine do counts less. */
function busy(work: () => void): number {
  const from = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(from)
  return (user + system) / 1000
}

function askAll(ask: Ask, codes: readonly string[]): void {
  for (const code of codes) if (!ask(code, TODAY)) throw new Error(`${code} was not found`)
}

/** Runs it. */
export function duel(files: { packed: string; crc32: number; sqlite: string }, rows: number) {
  const loads = Array.from({ length: 3 }, () => timed(() => openPacked(files.packed, files.crc32)))
  const book = openPacked(files.packed, files.crc32)
  const before = process.memoryUsage()
  const map = new Map<string, MapRow>()
  const mapLoad = timed(() => fillMap(map, 0, rows))
  const mapBytes = (process.memoryUsage().heapUsed - before.heapUsed) / rows
  const asks: Readonly<Record<string, Ask>> = {
    store: askPacked(book),
    map: askMap(map),
    sqlite: askSqlite(files.sqlite),
  }
  const codes = createCodes({ codebooks: [CONSUMABLE], maps: [], imported: [{ book, live: [0] }] })

  const spent: Record<string, number[]> = { store: [], map: [], sqlite: [], claim: [], coldClaim: [] }
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    // The order changes, so that nobody always comes second.
    for (const name of round % 2 ? ['store', 'map', 'sqlite'] : ['sqlite', 'map', 'store']) {
      const questions = drawnCodes(QUESTIONS, rows, round)
      spent[name]!.push((busy(() => askAll(asks[name]!, questions)) * 1e6) / QUESTIONS)
    }
    ratios.push(spent.map!.at(-1)! / spent.store!.at(-1)!)
    for (const [name, among] of [['claim', IN_USE] as const, ['coldClaim', rows] as const]) {
      const resolveAll = (lines: readonly string[]) => {
        for (const code of lines) {
          const answer = codes.resolve('item', { system: 'national', code }, TODAY)
          if (!answer.ok) throw new Error(`${code} is not ok`)
        }
      }
      const draw = (seed: number) => drawnCodes(QUESTIONS, rows, seed, Math.min(among, rows))
      // The bills before: what is in use has been asked for a moment ago, the whole table has not.
      if (name === 'claim') resolveAll(draw(round))
      const lines = draw(round + ROUNDS)
      const claim = busy(() => resolveAll(lines))
      spent[name]!.push((claim * 1000 * LINES) / QUESTIONS)
    }
  }
  return {
    loadMs: median(loads),
    mapLoadMs: mapLoad,
    mapBytesARow: mapBytes,
    ns: { store: median(spent.store!), map: median(spent.map!), sqlite: median(spent.sqlite!) },
    mapOverStore: median(ratios),
    claimMicros: median(spent.claim!),
    coldClaimMicros: median(spent.coldClaim!),
  }
}
