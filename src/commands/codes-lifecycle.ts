/** `npm run codes -- review`, `publicise`, `publish`: the lifecycle steps of an edition after its import. */
import { parseArgs } from 'node:util'
import { argumentFault } from '../argument-fault.ts'
import type { ShelfEdition } from '../codes/editions/catalogue.ts'
import { openEditions } from '../codes/editions/editions.ts'
import { advance, type LaterState, STATE_NAMES, StepRefused } from '../codes/editions/lifecycle.ts'
import { readConfig } from '../config.ts'
import { shanghaiTime } from '../domain/day.ts'
import { systemClock } from '../ports.ts'

const USAGE = `用法：
  codes review|publicise|publish --standard diagnosis [--system beijing-7.0] --edition 2.0 --by 姓名 [--json]
  依次为审核、公示、发布；都须由导入人以外的人办理，发布后网关才使用该版本`

const OPTIONS = {
  standard: { type: 'string' },
  system: { type: 'string' },
  edition: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Creates the command of one step. @returns its exit code: 0 done, 2 refused or invalid arguments */
export function stepCommand(to: LaterState): (args: readonly string[]) => Promise<number> {
  return async (args) => {
    try {
      const { standard, system, version, by, json } = questionOf(args)
      const { dataDir } = readConfig(process.env)
      const of = { system, standard, version }
      const edition = advance(openEditions(dataDir), of, to, by, systemClock)
      if (json) console.log(JSON.stringify({ ...of, ...edition }))
      else for (const line of sentences(edition)) console.log(line)
      return 0
    } catch (error) {
      if (!(error instanceof StepRefused)) throw error
      console.error(error.message)
      return 2
    }
  }
}

function questionOf(args: readonly string[]) {
  const { values } = parsed(args)
  const { standard, system = null, edition: version, by, json } = values
  if (!standard || !version || !by) throw new StepRefused(`缺少--standard、--edition或--by\n${USAGE}`)
  return { standard, system, version, by, json }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true })
  } catch (error) {
    throw new StepRefused(`${argumentFault(error)}\n${USAGE}`, { cause: error })
  }
}

function sentences({ version, from, state, history }: ShelfEdition): string[] {
  const steps = history.map(({ state: step, by, at }) => `  ${shanghaiTime(at)} ${STATE_NAMES[step]} ${by}`)
  return [`${version}版（${from}起）：${STATE_NAMES[state]}`, ...steps]
}
