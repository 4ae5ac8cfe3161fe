/**
 * Self-paid stays, which remain in the denominator of the settlement rate. Nothing is sent to a platform. A stay has
 * one such bill, so the stay itself is the idempotency key.
 */
import type { z } from '@hono/zod-openapi'
import { type Day, dayOf } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import { isSamePlatform } from '../../journal/entry.ts'
import { anonymousIntent } from '../../journal/journal.ts'
import { encounterBusy } from '../../journal/noes.ts'
import { standingSettlements } from '../../reports/stay.ts'
import { stayNumbersOf } from '../../reports/stay-numbers.ts'
import { stayLookup } from '../../reports/stays.ts'
import type { Database } from '../../store/database.ts'
import { notedBodyHash, recordSelfPaid, selfPaidBill } from '../../store/queries/self-paid.ts'
import { REST } from './answer-format.ts'
import { SelfPay, SelfPayRequest } from './encounter-schemas.ts'
import { defineEndpoint } from './endpoint.ts'
import { SELF_PAY } from './examples.ts'
import { meaningOf, type OpenedEncounter, openingOf } from './opened-encounter.ts'
import { fieldFault } from './request.ts'
import type { Call, Done } from './send.ts'

type Body = z.output<typeof SelfPayRequest>

/** Transaction name in the journal; no national transaction corresponds to it. */
const TRANSACTION = 'U'

function answerOf(encounter: string, body: Pick<Body, 'admitted' | 'discharged'>, at: string): Buffer {
  const { admitted, discharged } = body
  return Buffer.from(JSON.stringify({ encounter, admitted, discharged, recordedOn: at }))
}

function replay(call: Call<Body>, opened: OpenedEncounter, database: Database): Done | null {
  const known = selfPaidBill(database, opened)
  if (!known) return null
  const { body } = call
  const hash = notedBodyHash(database, opened, TRANSACTION)
  const same = known.admitted === body.admitted && known.discharged === body.discharged
  if (!same || (hash !== null && hash !== call.bodyHash)) {
    throw new GatewayError('key-conflict', 'journal', '该住院已登记自费结算，且内容不同')
  }
  return { body: answerOf(opened.encounter, body, known.at), problem: null, replayed: true, receipt: null }
}

/** Refuses if money may still move, or a direct settlement is in force. */
async function checkMoney(
  { services }: Call<Body>,
  opened: OpenedEncounter,
  database: Database,
  today: Day,
): Promise<void> {
  if (!services.journal.writable()) {
    throw new GatewayError('journal-down', 'journal', '交易日志无法写入，暂停登记')
  }
  const moving = (await services.journal.unresolved()).some(
    ({ exchange: open }) =>
      open.encounter === opened.encounter &&
      open.institution === opened.institution &&
      isSamePlatform(open.insuredArea, opened.insuredArea) &&
      open.kind !== 'write',
  )
  if (moving) throw encounterBusy()
  const known = stayLookup(database, stayNumbersOf(services.dialect.operations))(
    opened.institution,
    opened.encounter,
    opened.insuredArea,
  )
  if (standingSettlements(known?.stay.events ?? [], today) > 0) {
    throw fieldFault([{ field: 'encounter', text: '该住院已直接结算，撤销后才能登记自费结算' }])
  }
}

function store(call: Call<Body>, opened: OpenedEncounter, database: Database, today: Day): void {
  const { services, caller, body, bodyHash } = call
  const { encounter, institution, pseudonym, insuredArea, treatmentArea } = opened
  const now = services.clock.now()
  const { admitted, discharged, totalFen } = body
  const where = { institution, insuredArea, treatmentArea }
  const days = { admitted, discharged, at: today }
  recordSelfPaid(database, { stay: encounter, person: pseudonym, ...where, ...days, recordedAt: now })
  const intent = { ...anonymousIntent(REST, now), ...where, caller: caller.id, transaction: TRANSACTION }
  services.journal.note(
    { ...intent, encounter, person: pseudonym, day: discharged, lane: 'inpatient', bodyHash },
    { state: 'accepted', at: now, hop: 'gateway', told: '自费结算登记', total: totalFen },
  )
}

/** `POST /v1/encounters/{encounter}/self-pay`. */
export function selfPayEndpoint(database: Database) {
  return defineEndpoint({
    id: 'recordSelfPay',
    path: '/v1/encounters/{encounter}/self-pay',
    title: '自费结算登记',
    text: '病人全额自费的住院：不发往平台，只计入直接结算率的分母。一次住院登记一次；重发返回首次结果。',
    group: 'stay',
    examples: SELF_PAY,
    request: SelfPayRequest,
    response: SelfPay,
    yes: 201,
    keyed: true,
    async run(call) {
      const { services, body, subject } = call
      const opened = await openingOf(services, meaningOf(call), subject)
      if (opened.kind !== 'inpatient') {
        throw fieldFault([{ field: 'encounter', text: '不是住院，不登记自费结算' }])
      }
      await services.journal.indexed()
      const before = replay(call, opened, database)
      if (before) return before
      const today = dayOf(services.clock.now())
      if (body.discharged > today) throw fieldFault([{ field: 'discharged', text: '晚于今天' }])
      await checkMoney(call, opened, database, today)
      store(call, opened, database, today)
      return { body: answerOf(subject, body, today), problem: null, replayed: false, receipt: null }
    },
  })
}
