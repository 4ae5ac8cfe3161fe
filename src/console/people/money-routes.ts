/** 钱在哪里: finding a transaction, bringing its next step forward, looking at what is personal: each noted in the journal. */
import { Hono, type MiddlewareHandler } from 'hono'
import { withoutIdentity } from '../../domain/masking.ts'
import { GatewayError } from '../../domain/problems.ts'
import { isFinal } from '../../journal/exchange-state.ts'
import { anonymousIntent } from '../../journal/journal.ts'
import type { Person } from '../../people/accounts.ts'
import { concerns, hasRight, type Right } from '../../people/rights.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import { readSealed } from '../../pipeline/spoken.ts'
import { formOf, show } from './answering.ts'
import type { ConsoleRoom, Visit } from './guard.ts'
import { sceneOf } from './guard.ts'
import { type FoundRows, type MoneyCase, moneyCasePage, moneyPage } from './money-page.ts'
import type { ConsolePorts, ConsoleReader } from './ports.ts'
import type { LifeRead } from './reads.ts'
import { caseAddress } from './unknown-page.ts'
import { ACTIONS, type Action, STEP_OF, whyNot } from './whereabouts.ts'

/** What is in the journal of what people do: by this name in place of a transaction. */
const CONSOLE_ENTRY = 'console'

/** The routes. @param needs the guard by the right that a page needs */
export function moneyRoutes(
  ports: ConsolePorts & { readonly nameOf: NameOf },
  reader: ConsoleReader,
  needs: (right: Right) => MiddlewareHandler<ConsoleRoom>,
): Hono<ConsoleRoom> {
  const app = new Hono<ConsoleRoom>()
  const { recovery, worker: ownWorker = 1 } = ports

  /** Notes durably what a person has done, before it is done. */
  async function keep(person: Person, what: Readonly<Record<string, unknown>>): Promise<void> {
    const at = ports.clock.now()
    const sealed = Buffer.from(JSON.stringify({ by: person.name, role: person.role, ...what }))
    await ports.journal.keep(
      { ...anonymousIntent(CONSOLE_ENTRY, at), caller: person.name, transaction: CONSOLE_ENTRY, sealed },
      { state: 'accepted', at, hop: 'gateway' },
    )
    ports.note({ person: person.name, what: what.what, exchange: what.exchange }, 'a person has acted')
  }

  /** The transaction that an address names, where it is there and concerns the person. */
  async function caseOf(visit: Visit): Promise<NonNullable<LifeRead>> {
    const [, worker = '', exchange = ''] = /^(\d{1,3})-(\d{1,15})$/.exec(visit.req.param('case') ?? '') ?? []
    const read = worker ? await reader.life(Number(worker), Number(exchange), visit.req.raw.signal) : null
    if (!read || !concerns(visit.get('person'), read.row.insuredArea, read.row.treatmentArea))
      throw new GatewayError('not-found', 'report', '没有找到，或不在您的区划内')
    return read
  }

  async function shownCase(visit: Visit, read: NonNullable<LifeRead>, more: Partial<MoneyCase> = {}) {
    const person = visit.get('person')
    const isOpen = read.row.state === 'unknown' || read.row.state === 'undoing'
    const [progress] = isOpen ? await reader.withProgress([read.row]) : []
    const shown: MoneyCase = {
      ...{ read, nameOf: ports.nameOf, known: progress?.known ?? null, paused: recovery.isPaused() },
      ...{
        mayAct: hasRight(person, 'act'),
        mayReveal: hasRight(person, 'reveal'),
        revealed: null,
        done: null,
      },
      ...more,
    }
    return shown
  }

  app.get('/console/money', needs('money'), (visit) =>
    show(visit, moneyPage(sceneOf(visit, visit.get('person')), null)),
  )
  app.post('/console/money', needs('money'), async (visit) => {
    const person = visit.get('person')
    const text = (await formOf(visit)).get('text')?.trim() ?? ''
    const fault = faultOf(text)
    const all = fault === null ? await reader.named(text, visit.req.raw.signal) : []
    const rows = all.filter(({ insuredArea, treatmentArea }) => concerns(person, insuredArea, treatmentArea))
    if (rows.length === 1) return visit.redirect(caseAddress(rows[0]!), 303)
    const found: FoundRows = { text: fault === null ? text : '', rows, fault }
    return show(visit, moneyPage(sceneOf(visit, person), found), fault === null ? 200 : 400)
  })
  app.get('/console/money/:case', needs('money'), async (visit) => {
    const shown = await shownCase(visit, await caseOf(visit))
    const done = visit.req.query('done') === undefined ? null : doneWord(visit)
    return show(visit, moneyCasePage(sceneOf(visit, visit.get('person')), { ...shown, done }))
  })
  app.post('/console/money/:case/act', needs('act'), async (visit) => {
    const action = (await formOf(visit)).get('action') as Action | null
    const scene = sceneOf(visit, visit.get('person'))
    const read = await caseOf(visit)
    const shown = await shownCase(visit, read)
    if (action === null || !ACTIONS.includes(action))
      throw new GatewayError('invalid-field', 'report', '没有该操作')
    const why = whyNot(scene.say, action, { ...shown, state: read.row.state })
    if (why !== null) return show(visit, moneyCasePage(scene, { ...shown, done: why }), 400)
    const step = STEP_OF[action].find((one) => one === shown.known?.nextStep)!
    await keep(visit.get('person'), { what: action, exchange: read.row.id, worker: read.row.worker })
    if (!recovery.hasten(read.row.id, step)) {
      const done = scene.say(
        '正在进行，或刚刚做过，请稍候再试',
        'Under way, or only just done: try again in a moment',
      )
      return show(visit, moneyCasePage(scene, { ...shown, done }), 409)
    }
    return visit.redirect(`${caseAddress(read.row)}?done`, 303)
  })
  app.post('/console/money/:case/reveal', needs('reveal'), async (visit) => {
    const reason = (await formOf(visit)).get('reason')?.trim() ?? ''
    if ([...reason].length < 4 || reason.length > 200)
      throw new GatewayError('invalid-field', 'report', '请写明查看理由（4至200字），没有显示任何个人信息')
    const read = await caseOf(visit)
    if (read.row.worker !== ownWorker)
      throw new GatewayError(
        'not-ready',
        'report',
        `该笔的报文在第${read.row.worker}个工作进程，暂不能由此查看`,
      )
    await keep(visit.get('person'), { what: 'reveal', exchange: read.row.id, reason })
    const revealed = await personalOf(ports, read.row.id)
    return show(
      visit,
      moneyCasePage(sceneOf(visit, visit.get('person')), await shownCase(visit, read, { revealed })),
    )
  })
  return app
}

function doneWord(visit: Visit): string {
  const { say } = sceneOf(visit, null)
  return say(
    '已提前进行下一步，稍后刷新可见结果；操作已记入交易日志',
    'The next step was brought forward and noted in the journal; refresh in a moment',
  )
}

/** What is wrong with a text to look for; null for nothing. Numbers of persons are not looked for, and not kept anywhere. */
function faultOf(text: string): string | null {
  if (text.length === 0 || text.length > 128) return '请输入1至128个字符'
  return withoutIdentity(text) === text
    ? null
    : '请勿输入证件号码、手机号或银行卡号；请用报文ID、结算ID、就诊ID或Idempotency-Key查找'
}

/** What is personal in a message of the journal, and what a platform said of it. */
async function personalOf(
  { journal, services }: ConsolePorts,
  exchange: number,
): Promise<MoneyCase['revealed']> {
  const stored = await journal.byId(exchange)
  if (!stored?.exchange.sealed)
    throw new GatewayError('encounter-archived', 'report', '该报文已归档，原文不在本机')
  const { subject } = readSealed(services, stored.exchange)
  const rows: [string, string][] = []
  if (subject.person) rows.push(['人员编号', subject.person])
  for (const { kind, number } of subject.documents ?? []) rows.push([`证件（${kind}）`, number])
  if (subject.visitNumber) rows.push(['住院/门诊号', subject.visitNumber])
  if (stored.told) rows.push([isFinal(stored.state) ? '最后的说明' : '平台或网关的说明', stored.told])
  return rows
}
