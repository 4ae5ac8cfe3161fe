/** What the journal says no to, in the words of the counter. */
import { GatewayError, type Terms } from '../domain/problems.ts'

/** It cannot be written. */
export function journalDown(cause: unknown): GatewayError {
  const detail = ({ key }: Terms) => `交易日志无法写入，结算暂停办理，本次未向平台发送，可用同一${key}重发`
  return new GatewayError('journal-down', 'journal', detail, {}, cause)
}

/** Another settlement or cancellation has no outcome yet. @param what in which nothing further may begin until then */
export function encounterBusy(what: 'visit' | 'buyer' = 'visit'): GatewayError {
  const detail =
    what === 'visit'
      ? '该就诊另有一笔结算或撤销结果未知，本次未发出。请勿重复收费，先查询那一笔的结果'
      : '该人员在本药店另有一笔购药结算尚无结果，可能已扣款，本次未发出。请勿重复收费，先查询那一笔的结果'
  return new GatewayError('encounter-busy', 'journal', detail)
}

/** The key stands for another body. */
export function keyConflict(): GatewayError {
  const detail = ({ key }: Terms) =>
    `该${key}已用于内容不同的报文，本次未发出，原报文的结果不变。请先查询原报文是否已办理，另办一笔的换用新的${key}`
  return new GatewayError('key-conflict', 'journal', detail)
}

/** Told to who came again while the first is on its way, and will not wait, or has waited long enough. */
export function stillInFlight(): GatewayError {
  const detail = ({ key }: Terms) =>
    `先前收到的同一报文仍在办理，平台可能已办理。请勿重复收费，也不要改收现金，稍后用同一${key}重发即可得到结果`
  return new GatewayError('key-in-flight', 'journal', detail)
}
