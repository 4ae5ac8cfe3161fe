/** What the journal says no to, in the words of the counter. */
import { type Detail, GatewayError, type ProblemCode, type Terms } from '../domain/problems.ts'
import type { Busy, Flight, FlightOf } from './engine.ts'

/** It cannot be written. */
export function journalDown(cause: unknown): GatewayError {
  const detail = ({ key }: Terms) => `交易日志无法写入，结算暂停办理，本次未向平台发送，可用同一${key}重发`
  return new GatewayError('journal-down', 'journal', detail, {}, cause)
}

/** Another settlement or cancellation has no outcome yet. @param what in which nothing further may begin until then */
export function encounterBusy(what: Busy['by'] = 'visit'): GatewayError {
  return new GatewayError('encounter-busy', 'journal', BUSY[what])
}

const BUSY: Readonly<Record<Busy['by'], string>> = {
  visit: '该就诊另有一笔结算或撤销结果未知，本次未发出。请勿重复收费，先查询那一笔的结果',
  order: '该支付订单另有一笔支付、退费或撤销尚无结果，可能已扣款，本次未发出。请勿重复收费，先查询订单状态',
  buyer: '该人员在本药店另有一笔购药结算尚无结果，可能已扣款，本次未发出。请勿重复收费，先查询那一笔的结果',
}

/** The key stands for another body. */
export function keyConflict(): GatewayError {
  const detail = ({ key }: Terms) =>
    `该${key}已用于内容不同的报文，本次未发出，原报文的结果不变。请先查询原报文是否已办理，另办一笔的换用新的${key}`
  return new GatewayError('key-conflict', 'journal', detail)
}

/** Of what is under way, as whoever must wait for it is told when the waiting takes too long. */
const IN_FLIGHT: Readonly<Record<FlightOf, readonly [ProblemCode, Detail]>> = {
  first: [
    'key-in-flight',
    ({ key }) =>
      `先前收到的同一报文仍在办理，平台可能已办理。请勿重复收费，也不要改收现金，稍后用同一${key}重发即可得到结果`,
  ],
  original: ['key-in-flight', '原报文仍在办理，本次冲正未发出。请勿重复收费，待原报文有结果后再冲正'],
  other: [
    'encounter-busy',
    '同一业务的另一撤销或冲正报文仍在办理；本次未发出，费用没有变动，请待其有结果后再办理',
  ],
}

/** Something is under way that must have its outcome first: whoever waits until it lands may begin then. */
export class InFlight extends GatewayError {
  readonly of: FlightOf
  readonly flight: Flight

  constructor(of: FlightOf, flight: Flight) {
    super(IN_FLIGHT[of][0], 'journal', IN_FLIGHT[of][1])
    this.of = of
    this.flight = flight
  }
}

/** Told to who came again while the first is on its way, and will not wait, or has waited long enough. */
export function stillInFlight(): GatewayError {
  return new GatewayError(IN_FLIGHT.first[0], 'journal', IN_FLIGHT.first[1])
}
