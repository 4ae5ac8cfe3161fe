/** `npm run onboarding -- …`: which lanes an institution has open for people from elsewhere, and the next step of one. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { z } from 'zod'
import { argumentFault } from '../argument-fault.ts'
import { loadCodes, loadImported } from '../codes/load.ts'
import { readConfig } from '../config.ts'
import { dayOf } from '../domain/day.ts'
import { LANES } from '../domain/lane.ts'
import { ONBOARDING_STATES, type OnboardingState, POPULATIONS, REACHES } from '../domain/onboarding.ts'
import { loadRegistry } from '../extension/registry.ts'
import { bookOf } from '../onboarding/book.ts'
import { ONBOARDING_FIELDS, readSteps } from '../onboarding/file.ts'
import { type ListedOnboarding, listOnboarding, openingsOf } from '../onboarding/list.ts'
import { shippedSteps } from '../onboarding/shipped.ts'
import { OnboardingRefused, takeStep } from '../onboarding/take-step.ts'
import { createInstitutionDirectory } from '../pipeline/institution-directory.ts'
import { systemClock } from '../ports.ts'

const USAGE = `用法：
  onboarding list [--institution H…] [--area 430900] [--lane outpatient] [--state applied] [--history] [--json]
  onboarding apply|change|test|open|suspend --institution H… --lane outpatient --reach cross|intra|all --population employee|resident|all --by 姓名 --reason 原因 [--from 2027-01-01] [--score 文件] [--json]
  依次为申请、完成系统改造、通过测试、开通、暂停；暂停后可直接恢复开通，或再改造、再测试
  --lane inpatient住院 outpatient普通门诊 chronic门诊慢特病 pharmacy药店购药；--reach cross跨省 intra省内异地
  --from 生效日期，默认今天；--score 符合性检查--json的最后一行，只用于test；网关运行中即可办理，一秒内生效`

const OPTIONS = {
  institution: { type: 'string' },
  area: { type: 'string' },
  lane: { type: 'string' },
  reach: { type: 'string' },
  population: { type: 'string' },
  state: { type: 'string' },
  by: { type: 'string' },
  reason: { type: 'string' },
  from: { type: 'string' },
  score: { type: 'string' },
  history: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

const STEPS: Readonly<Record<string, OnboardingState>> = {
  apply: 'applied',
  change: 'changed',
  test: 'tested',
  open: 'opened',
  suspend: 'suspended',
}

/** Runs one of them. @returns 0 done, 2 refused or not understood */
export async function onboarding(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args
  try {
    const { values } = parseArgs({ args: rest, options: OPTIONS })
    if (name === 'list') return list(values)
    const state = STEPS[name]
    if (state) return await take(state, values)
    throw new OnboardingRefused(`${name === '' ? '请指定命令' : `没有命令“${name}”`}\n${USAGE}`)
  } catch (error) {
    const sentence = error instanceof OnboardingRefused ? error.message : argumentFault(error)
    if (sentence === null) throw error
    console.error(sentence)
    return 2
  }
}

/** The value of an option. @throws {OnboardingRefused} where it is missing or none of those that may be */
function optionOf<Schema extends z.ZodType>(
  name: keyof Values,
  value: unknown,
  schema: Schema,
): z.output<Schema> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new OnboardingRefused(`${value === undefined ? '缺少' : '不正确：'}--${name}\n${USAGE}`)
}

const { lane, reach, population, state, day, score } = ONBOARDING_FIELDS
const allOf = z.literal('all')

function list({ institution, area, history, json, ...values }: Values): number {
  const { dataDir } = readConfig(process.env)
  const filter = {
    ...{ institution, area },
    lane: optionOf('lane', values.lane, lane.optional()),
    state: optionOf('state', values.state, state.optional()),
  }
  const book = bookOf([...shippedSteps(), ...readSteps(dataDir)])
  const { institutions, openings } = listOnboarding(book, filter, dayOf(systemClock.now()))
  if (json) {
    console.log(JSON.stringify({ institutions, openings }))
    return 0
  }
  print(openings, history)
  const counted = Object.entries(institutions).map(
    ([of, count]) => `${ONBOARDING_STATES[of as OnboardingState]}${count}家`,
  )
  console.log(`机构数：${counted.join('，')}`)
  return 0
}

function print(openings: readonly ListedOnboarding[], history: boolean): void {
  const head = ['机构', '业务', '范围', '人群', '状态', '自', '经办人', '原因']
  const table = new Table({ head, style: { head: [], border: [] } })
  for (const { institution, steps, ...of } of openings) {
    const shown = history ? steps : steps.slice(-1)
    for (const step of shown) {
      const passed = step.score ? `（符合性检查通过${step.score.passed}项）` : ''
      const opening = [institution, LANES[of.lane], REACHES[of.reach], POPULATIONS[of.population]]
      table.push([...opening, ONBOARDING_STATES[step.state], step.from, step.by, `${step.reason}${passed}`])
    }
  }
  console.log(table.toString())
}

async function take(to: OnboardingState, values: Values): Promise<number> {
  const { institution, by, reason, json } = values
  if (!institution || !by || !reason)
    throw new OnboardingRefused(`缺少--institution、--by或--reason\n${USAGE}`)
  const openings = openingsOf(
    optionOf('lane', values.lane, lane),
    optionOf('reach', values.reach, reach.or(allOf)),
    optionOf('population', values.population, population.or(allOf)),
  )
  const from = optionOf('from', values.from, day.optional())
  const proof = values.score === undefined ? undefined : optionOf('score', scoreIn(values.score), score)
  const { dataDir } = readConfig(process.env)
  const now = systemClock.now()
  const today = dayOf(now)
  const codes = loadCodes(await loadRegistry(), loadImported(dataDir, isRegister))
  const directory = createInstitutionDirectory()
  const taken = takeStep(
    {
      ...{ dataDir, shipped: shippedSteps(), today, now },
      lanesOf: (code) => directory.institution(codes, code, today)?.lanes ?? null,
    },
    { institution, openings, state: to, from, by, reason, score: proof },
  )
  if (json) console.log(JSON.stringify({ openings: taken }))
  else
    print(
      taken.map((one) => ({ ...one, state: null })),
      true,
    )
  return 0
}

/** The tables that say which institutions there are. */
const isRegister = ({ standard }: { readonly standard: string }) =>
  standard === 'institution' || standard === 'pharmacy'

/** The last line of a file, as JSON; null where it is none. */
function scoreIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}
