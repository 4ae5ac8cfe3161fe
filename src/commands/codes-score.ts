/**
 * `npm run codes -- candidates-score`: hit rate of the candidates, measured on the available maps. Rows that equal
 * names do not settle are queried as though they were unmapped.
 */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { inForceOn } from '../codes/calendar.ts'
import { type Crossing, HALVES, type HitRate, hitRate } from '../codes/candidates/hit-rate.ts'
import { sharesIcdCategory } from '../codes/candidates/icd-shape.ts'
import type { Codes } from '../codes/codes.ts'
import { loadCodes, loadImported } from '../codes/load.ts'
import { createNearestIndex } from '../codes/nearest-index.ts'
import type { LiveBook } from '../codes/pack.ts'
import { dayNumber } from '../codes/store/day-number.ts'
import { mapRowAt } from '../codes/store/map-rows.ts'
import { readConfig } from '../config.ts'
import { type Day, dayOf } from '../domain/day.ts'
import { loadRegistry } from '../extension/registry.ts'
import { systemClock } from '../ports.ts'
import { standardTitle } from './standard-title.ts'
import { progressBar } from './verify.ts'

const AT_MOST = 5

/** What candidates are searched by. */
const BYS = ['名称和编码', '名称'] as const

const OPTIONS = {
  standard: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Measures the imported maps. @returns 0 done, 2 if there are none */
export async function candidatesScore(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const imported = loadImported(readConfig(process.env).dataDir).map((one) =>
    one.book.system === null ? { ...one, index: createNearestIndex(one.book.forward) } : one,
  )
  const codes = loadCodes(await loadRegistry(), imported)
  const today = dayOf(systemClock.now())
  const title = standardTitle(codes)
  const maps = imported.filter(
    ({ book }) => book.system !== null && (values.standard ?? book.standard) === book.standard,
  )
  if (maps.length === 0) {
    console.error('没有可供评测的对照表，请先用codes import-map导入')
    return 2
  }
  const table = new Table({
    head: [
      '编码体系',
      '编码标准',
      '比对方式',
      '样本',
      '名称不同的条目',
      '参评条目',
      '首位命中率',
      '前五命中率',
      '编码表中无此码',
    ],
    style: { head: [], border: [] },
  })
  const runs = maps.flatMap((map) =>
    BYS.flatMap((by) => HALVES.map((half) => ({ map, by, half, withCode: by === BYS[0] }))),
  )
  for (const [index, { map, by, half, withCode }] of runs.entries()) {
    const { system, standard } = map.book
    // Tens of thousands of queries take milliseconds each: one progress bar per run, labelled with its number.
    const bar = progressBar(`{value} / {total} 个编码（第${index + 1}项，共${runs.length}项）`)
    const rate = measure(codes, map, half, withCode, today, bar.update)
    bar.stop()
    if (values.json) console.log(JSON.stringify({ system, standard, by, half, ...rate }))
    table.push([system!, title(standard), by, half === 'seen' ? '调参集' : '测试集', ...cells(rate)])
  }
  if (!values.json) console.log(`${table.toString()}\n排序权重只用调参集调整；命中率以测试集为准。`)
  return 0
}

function measure(
  codes: Codes,
  map: LiveBook,
  half: (typeof HALVES)[number],
  withCode: boolean,
  day: Day,
  progress: (done: number, all: number) => void,
): HitRate {
  const { standard } = map.book
  const table = codes.table(standard)!.book.forward
  const names = [...table.heads()].map((head) => table.name(head))
  return hitRate(
    crossingsOf(map, day),
    names,
    half,
    ({ source, sourceName }) => {
      const says = withCode && sharesIcdCategory(standard, source)
      return codes.nearest(standard, { name: sourceName, ...(says && { code: source }) }, day, AT_MOST)
    },
    (code) => codes.lookup(standard, code, day).found,
    1,
    progress,
  )
}

/** Rows of a map with a single target. */
function crossingsOf(map: LiveBook, day: Day): Crossing[] {
  const { forward } = map.book
  const edition = inForceOn(map, day)
  if (!edition) return []
  return [...forward.heads()].flatMap((head) => {
    const place = forward.inForce(head, edition.place, dayNumber(day))
    if (place === 0) return []
    const { code, name, groups } = mapRowAt(forward, place)
    const targets = groups.flatMap((group) => group.targets)
    return targets.length === 1 ? [{ source: code, sourceName: name, target: targets[0]!.code }] : []
  })
}

function cells({ leftOver, asked, first, amongFive, unreachable }: HitRate): string[] {
  const share = (count: number) => (asked === 0 ? '—' : `${((100 * count) / asked).toFixed(1)}%`)
  return [String(leftOver), String(asked), share(first), share(amongFive), String(unreachable)]
}
