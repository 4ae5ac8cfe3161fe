/**
 * CPU of a list that the catalogue describes (3501A to 3506A) beside that of fee lines (2204), which are written by hand: the
 * same gateway, 500 rows each, in turns. Nothing is compared with the reference here.
 */
import Table from 'cli-table3'
import { changeRow, countRow, type GoodsOf, purchaseRow, saleRow } from '../../src/client/goods.ts'
import { median, shuffled, spread } from '../statistics.ts'
import { type Bench, percent, TABLE, times } from './bench.ts'
import { type Claim, claimsOf } from './claims.ts'
import { type ClosedRun, closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { startEndpoint, startGateway } from './systems.ts'

const ROWS = 500
/** One: while a sale has no outcome, no other may name its boxes. */
const CONNECTIONS = 1
/** Above this share of requests without a yes something else was measured than lists. */
const NO_MAX = 0.01
/** What the others are held against. */
const LINES = '2204'
/** The list whose ratio stands in the line of figures: the longest rows, with a list in each. */
const SALES = '3505A'
const LISTS: Readonly<Record<string, (index: number, of: GoodsOf) => object>> = {
  '3501A': (_, of) => countRow(of, 3),
  '3502A': (_, of) => changeRow(of, '102', 3),
  '3503A': (_, of) => purchaseRow(of, 3),
  [SALES]: (index, of) => saleRow({ ...of, visit: `V${index}`, codes: [String(81e18 + index)] }),
}
const NODES: Readonly<Record<string, string>> = {
  '3501A': 'invinfoDetail',
  '3502A': 'invinfoDetail',
  '3503A': 'purcinfoDetail',
  [SALES]: 'selinfoDetail',
}

/** Measures it. */
export async function lists({ rounds, seconds, progress }: Bench): Promise<Part> {
  const platform = await startEndpoint()
  const gateway = await startGateway({ upstream: platform.url, tables: null })
  const claims = new Map(
    Object.keys({ [LINES]: null, ...LISTS }).map((number) => [number, claimsFor(number)]),
  )
  const runs = new Map<string, ClosedRun[]>([...claims.keys()].map((number) => [number, []]))
  const bar = progress.begin('lists', claims.size * (rounds + 1))
  for (let round = 0; round <= rounds; round += 1) {
    for (const number of shuffled([...claims.keys()], Math.random)) {
      bar.step(number)
      const run = await closedLoop(gateway, claims.get(number)!, CONNECTIONS, { seconds })
      // The first round makes functions of what comes.
      if (round > 0) runs.get(number)!.push(run)
    }
  }
  bar.end()
  for (const each of [gateway, platform]) await each.stop()
  const cpuOf = (number: string) => median(runs.get(number)!.map(({ cpuMicros }) => cpuMicros))
  const table = new Table({ head: [`${ROWS} rows`, 'CPU µs', `× ${LINES}`, '±'], ...TABLE })
  for (const [number, all] of runs) {
    const cpu = cpuOf(number)
    table.push([
      number,
      cpu.toFixed(0),
      times(cpu / cpuOf(LINES)),
      percent(spread(all.map((run) => run.cpuMicros))),
    ])
  }
  const faults = [...runs].flatMap(([number, all]) => {
    const sent = all.reduce((sum, run) => sum + run.sent, 0)
    const yes = all.reduce((sum, run) => sum + run.yes, 0)
    return sent - yes > sent * NO_MAX ? [`${number}: ${sent - yes} of ${sent} requests got no yes`] : []
  })
  return { figures: { listCpuRatio500: cpuOf(SALES) / cpuOf(LINES) }, lines: [table.toString()], faults }
}

function claimsFor(number: string): Claim[] {
  const [claim] = claimsOf({ lines: ROWS })
  const message = JSON.parse(claim!.body) as { input: { feedetail: unknown } }
  const { feedetail } = message.input
  const input = number === LINES ? { feedetail } : { [NODES[number]!]: rowsOf(number) }
  return [{ ...claim!, body: JSON.stringify({ ...message, infno: number, input }) }]
}

function rowsOf(number: string): object[] {
  return Array.from({ length: ROWS }, (_, index) => {
    const digits = String(index).padStart(6, '0')
    return LISTS[number]!(index, { item: `Y${digits}`, batch: `B${digits}`, at: '2026-03-02 09:12:45' })
  })
}
