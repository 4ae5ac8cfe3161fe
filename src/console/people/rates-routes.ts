/** 结算率 and the way down from it: a rate or a reason, its stays, a stay's messages, where the money of one is. */
import { Hono, type MiddlewareHandler } from 'hono'
import { GatewayError } from '../../domain/problems.ts'
import { offloaded } from '../../http/offloaded.ts'
import { concerns, PERSON_ROLES, type Right } from '../../people/rights.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import { type FiguresQuestion, readStayMessagesQuestion } from '../../reports/figures/question.ts'
import type { SheetFormat, SheetWanted } from '../../reports/figures/sheet-format.ts'
import type { SheetName } from '../../reports/figures/sheets.ts'
import { stayNumbersOf } from '../../reports/stay-numbers.ts'
import { show } from './answering.ts'
import type { ConsoleRoom, Visit } from './guard.ts'
import { sceneOf } from './guard.ts'
import type { ConsolePorts, ConsoleReader } from './ports.ts'
import {
  levelBelow,
  type MessagesRead,
  type RatesAsked,
  type RatesRead,
  type ReasonsRead,
  readRates,
  type StaysRead,
} from './rates-asked.ts'
import { RATES, ratesAddress, ratesPage } from './rates-page.ts'
import type { PlacedRow } from './reads.ts'
import { sentencePage } from './sign-in-page.ts'
import { type PlacedMessage, stayPage, staysPage } from './stays-page.ts'
import { caseAddress } from './unknown-page.ts'

/** What may be had as a file. */
const FILES: readonly SheetName[] = ['rates', 'reasons', 'stays']
/** Messages of a page: each is looked up in the journal. */
const MESSAGES = '20'

/** The routes. @param needs the guard by the right that a page needs */
export function ratesRoutes(
  ports: ConsolePorts & { readonly nameOf: NameOf },
  reader: ConsoleReader,
  needs: (right: Right) => MiddlewareHandler<ConsoleRoom>,
): Hono<ConsoleRoom> {
  const app = new Hono<ConsoleRoom>()
  const { nameOf, journal, offload, services } = ports
  const stays = stayNumbersOf(services.dialect.operations)

  const readOf = (visit: Visit): RatesAsked =>
    readRates(visit.req.query(), visit.get('person'), {
      isKnownArea: (code) => nameOf(code) !== null,
      today: ports.today(),
    })
  function refuse(visit: Visit, { fault, status }: Extract<RatesAsked, { status: number }>) {
    const scene = sceneOf(visit, visit.get('person'))
    return show(
      visit,
      sentencePage(scene, scene.say('结算率', 'Settlement rate'), scene.say(...fault)),
      status,
    )
  }
  const wantedOf = (visit: Visit, format: SheetFormat): SheetWanted => ({
    ...{ format, role: PERSON_ROLES[visit.get('person').role].zh, at: ports.clock.now() },
  })
  async function ask<Answer>(visit: Visit, sheet: SheetName, asked: FiguresQuestion): Promise<Answer> {
    const question = { sheet, asked, wanted: wantedOf(visit, 'json'), stays }
    const { body } = await offload.answer('figures', question, visit.req.raw.signal)
    return (await new Response(body).json()) as Answer
  }

  app.get(RATES, needs('rates'), async (visit) => {
    const read = readOf(visit)
    if (read.fault) return refuse(visit, read)
    const { form, question } = read
    await journal.indexed()
    const by = (grouping: FiguresQuestion['by']) =>
      ask<RatesRead>(visit, 'rates', { ...question, by: grouping })
    const [whole, months, below, reasons] = await Promise.all([
      by('none'),
      by('month'),
      by(form.institution ? 'institution' : levelBelow(form.area)),
      ask<ReasonsRead>(visit, 'reasons', question),
    ])
    const { areas } = visit.get('person')
    return show(
      visit,
      ratesPage(sceneOf(visit, visit.get('person')), {
        ...{ form, areas, whole, months, below, reasons, nameOf },
      }),
    )
  })

  app.get(`${RATES}/file`, needs('rates'), async (visit) => {
    const read = readOf(visit)
    if (read.fault) return refuse(visit, read)
    const sheet = FILES.find((one) => one === visit.req.query('sheet'))
    if (!sheet) throw new GatewayError('not-found', 'report', '没有该表')
    const { form, question } = read
    const by = form.institution ? 'institution' : levelBelow(form.area)
    await journal.indexed()
    const format = visit.req.query('format') === 'xlsx' ? 'xlsx' : 'csv'
    const name = `${sheet}-${form.from}-${form.to}.${format}`
    const headers = { 'content-disposition': `attachment; filename="${name}"` }
    const asked = { ...question, by, limit: sheet === 'stays' ? 500 : question.limit }
    return offloaded(
      visit,
      offload,
      'figures',
      { sheet, asked, wanted: wantedOf(visit, format), stays },
      { headers },
    )
  })

  app.get(`${RATES}/stays`, needs('rates'), async (visit) => {
    const read = readOf(visit)
    if (read.fault) return refuse(visit, read)
    const { form, question } = read
    await journal.indexed()
    const found = await ask<StaysRead>(visit, 'stays', question)
    const more = { state: question.state ?? '', category: question.category ?? '' }
    return show(visit, staysPage(sceneOf(visit, visit.get('person')), { form, more, read: found, nameOf }))
  })

  app.get(`${RATES}/stay`, needs('money'), async (visit) => {
    const { institution = '', stay = '', insured = '', after } = visit.req.query()
    const asked = readStayMessagesQuestion({
      ...{ institution, stay, insured, limit: MESSAGES },
      ...(after && { after }),
    })
    await journal.indexed()
    const { signal } = visit.req.raw
    const { body } = await offload.answer(
      'stay-messages',
      { asked, wanted: wantedOf(visit, 'json'), stays },
      signal,
    )
    const { messages, next } = (await new Response(body).json()) as MessagesRead
    const placed = await placedOf(visit, institution, stay, messages)
    const to = next && ratesAddress(`${RATES}/stay`, {}, { institution, stay, insured, after: next })
    return show(visit, stayPage(sceneOf(visit, visit.get('person')), stay, placed, to))
  })

  /** Messages that concern the person, each with its case. What the journal does not place is shown to who sees all. */
  async function placedOf(
    visit: Visit,
    institution: string,
    stay: string,
    messages: MessagesRead['messages'],
  ): Promise<PlacedMessage[]> {
    const { signal } = visit.req.raw
    const person = visit.get('person')
    const rows = messages.length === 0 ? [] : [...(await reader.named(stay, signal))]
    const rowOf = (message: string | null): PlacedRow | undefined =>
      message === null
        ? undefined
        : rows.find((row) => row.message === message && row.institution === institution)
    for (const { message } of messages)
      if (message !== null && !rowOf(message)) rows.push(...(await reader.named(message, signal)))
    return messages.flatMap((message) => {
      const row = rowOf(message.message)
      const isTheirs = concerns(person, row?.insuredArea ?? null, row?.treatmentArea ?? null)
      return isTheirs ? [{ message, address: row ? caseAddress(row) : null }] : []
    })
  }
  return app
}
