/**
 * The problem table: every way in which the gateway refuses. The code selects a row; the row determines the HTTP
 * status over REST, the failure reason (E-codes: docs/facts/cross-region.md, Failure reasons [A]) and what the caller
 * may do next.
 */

/**
 * What the caller may do: `never` — the same request will fail again; `same-key` — send it again with the same key;
 * `inquire-first` — money may have moved, query the outcome before anything else.
 */
export type Retry = 'never' | 'same-key' | 'inquire-first'

/** Where a request stopped. Before `dispatch` nothing has left the gateway. */
export type Stage = 'receive' | 'translate' | 'journal' | 'dispatch' | 'record' | 'report'

interface ProblemRow {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 421 | 422 | 500 | 503 | 504
  readonly retry: Retry
  /** Failure reason; null if docs/facts has none. */
  readonly reason: string | null
  readonly title: string
  /** The title in Chinese, for the cashier. */
  readonly zh: string
}

/** Names that an API uses for things mentioned in messages. */
export interface Terms {
  /** What identifies a request and its retries. */
  readonly key: string
  /** Where to query the content of a settlement. */
  readonly lookup: string
}

/** Terms of the national interface; stored messages use these. */
export const NATIONAL_TERMS: Terms = { key: '报文ID', lookup: '5203或/v1/status' }

/** A Chinese sentence without a full stop, or a function of the terms. Never contains personal data. */
export type Detail = string | ((terms: Terms) => string)

const NEVER = { retry: 'never', reason: null } as const

/** All problems by code. The code is the last part of the problem+json `type`. */
export const PROBLEMS = {
  'unreadable-body': { ...NEVER, status: 400, title: 'Body is not readable JSON', zh: '报文不是可读的JSON' },
  'wrong-content-type': {
    status: 415,
    retry: 'never',
    reason: null,
    title: 'Content type is not JSON',
    zh: '内容类型须为application/json',
  },
  'body-too-large': { ...NEVER, status: 413, title: 'Body is too large', zh: '报文超过上限' },
  'invalid-field': {
    status: 422,
    retry: 'never',
    reason: null,
    title: 'A field is missing or wrong',
    zh: '字段缺失或不符合规范',
  },
  'unknown-transaction': {
    status: 404,
    retry: 'never',
    reason: null,
    title: 'Transaction is not offered',
    zh: '不支持的交易编号',
  },
  'unknown-area': { ...NEVER, status: 422, title: 'Area code is not known', zh: '医保区划不存在' },
  'unknown-caller': { ...NEVER, status: 401, title: 'Caller is not known', zh: '调用方未登记' },
  'wrong-role': {
    ...NEVER,
    status: 403,
    title: 'The caller’s role may not do this',
    zh: '调用方角色无此权限',
  },
  'foreign-institution': {
    status: 403,
    retry: 'never',
    reason: null,
    title: 'Institution is not the caller’s',
    zh: '定点医药机构与调用方不符',
  },
  'institution-closed': {
    status: 422,
    retry: 'never',
    reason: 'E301',
    title: 'Institution is not registered, is suspended, or has not opened this kind of care',
    zh: '定点医药机构未登记、已暂停或未开通该类直接结算',
  },
  'bad-codes': {
    status: 422,
    retry: 'never',
    reason: 'E501',
    title: 'Codes are not usable',
    zh: '编码不可用',
  },
  'unknown-standard': { ...NEVER, status: 404, title: 'Code standard is not known', zh: '没有该编码标准' },
  'unknown-code-system': {
    status: 404,
    retry: 'never',
    reason: null,
    title: 'No map leads from this code system to the standard',
    zh: '未找到该编码体系到该标准的对照表',
  },
  'before-first-edition': {
    status: 422,
    retry: 'never',
    reason: null,
    title: 'No edition was in force on that day',
    zh: '该日尚无版本启用',
  },
  'bad-amounts': {
    status: 422,
    retry: 'never',
    reason: 'E503',
    title: 'Amounts do not add up',
    zh: '金额不平',
  },
  'key-missing': { ...NEVER, status: 400, title: 'Idempotency-Key is missing', zh: '缺少Idempotency-Key' },
  'key-conflict': {
    status: 422,
    retry: 'never',
    reason: 'E504',
    title: 'Key was used with another body',
    zh: '报文ID已用于内容不同的报文',
  },
  'key-in-flight': {
    status: 409,
    retry: 'inquire-first',
    reason: 'E504',
    title: 'Request is being handled; money may have moved',
    zh: '同一报文正在处理',
  },
  'key-retired': {
    status: 410,
    retry: 'inquire-first',
    reason: 'E504',
    title: 'Key belongs to an archived message',
    zh: '该报文已归档',
  },
  'encounter-archived': { ...NEVER, status: 410, title: 'Encounter is archived', zh: '该就诊的登记已归档' },
  'encounter-busy': {
    status: 409,
    retry: 'inquire-first',
    reason: 'E504',
    title: 'Encounter has an open settlement',
    zh: '该就诊有结果未知的结算',
  },
  'not-found': { ...NEVER, status: 404, title: 'Nothing is known under this id', zh: '没有找到' },
  'method-not-allowed': {
    status: 405,
    retry: 'never',
    reason: null,
    title: 'Method is not offered here',
    zh: '不支持的请求方法',
  },
  'foreign-host': { ...NEVER, status: 421, title: 'Not a name of this gateway', zh: '不是本网关的主机名' },
  'cross-site': { ...NEVER, status: 403, title: 'Request of another web site', zh: '来自其他网站的页面' },
  'fund-refused': { ...NEVER, status: 422, title: 'The platform refused', zh: '平台拒绝' },
  reversed: {
    status: 422,
    retry: 'never',
    reason: null,
    title: 'The message was reversed; nothing of it stands',
    zh: '该报文已冲正',
  },
  'destination-down': {
    status: 503,
    retry: 'same-key',
    reason: 'E704',
    title: 'The platform takes no calls now',
    zh: '平台暂不可用',
  },
  'destination-busy': {
    status: 503,
    retry: 'same-key',
    reason: 'E704',
    title: 'No room for calls to the platform now',
    zh: '平台繁忙',
  },
  'budget-spent': {
    status: 503,
    retry: 'same-key',
    reason: null,
    title: 'The caller’s time was over before anything was sent',
    zh: '等待时限已到，未发出',
  },
  'outcome-unknown': {
    status: 504,
    retry: 'inquire-first',
    reason: null,
    title: 'No clear answer; money may have moved',
    zh: '结果未知',
  },
  'journal-down': {
    status: 503,
    retry: 'same-key',
    reason: null,
    title: 'The journal cannot be written',
    zh: '交易日志无法写入，暂停办理',
  },
  'compare-first': {
    status: 409,
    retry: 'inquire-first',
    reason: null,
    title: 'Restored from a backup and not yet compared with the platforms',
    zh: '恢复备份后尚未与平台核对，暂停办理',
  },
  'archive-failed': {
    status: 503,
    retry: 'same-key',
    reason: null,
    title: 'The archive cannot be written',
    zh: '归档未完成',
  },
  'not-ready': {
    status: 503,
    retry: 'same-key',
    reason: null,
    title: 'The gateway is starting or stopping',
    zh: '网关正在启动或停止',
  },
  'gateway-busy': {
    status: 503,
    retry: 'same-key',
    reason: null,
    title: 'The gateway is busy',
    zh: '网关繁忙',
  },
  'invalid-report': {
    status: 400,
    retry: 'never',
    reason: null,
    title: 'The report cannot be made from this question',
    zh: '统计条件不正确',
  },
  'report-busy': {
    status: 503,
    retry: 'same-key',
    reason: null,
    title: 'Too many long questions are being worked on',
    zh: '统计与导出任务已满',
  },
  'internal-fault': {
    status: 500,
    retry: 'inquire-first',
    reason: null,
    title: 'The gateway failed',
    zh: '网关内部错误',
  },
} as const satisfies Record<string, ProblemRow>

/** Code of a problem. */
export type ProblemCode = keyof typeof PROBLEMS

/** The only error class: a row of the table, the stage, and a sentence that is safe to show. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ProblemCode
  readonly stage: Stage
  /** Further data for the caller, such as the faulty lines of a claim. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly #detail: Detail

  /**
   * @param code the row
   * @param stage where it stopped
   * @param detail self-contained for the cashier: what happened, whether money moved, what to do
   * @param extra further members of the problem document
   */
  constructor(
    code: ProblemCode,
    stage: Stage,
    detail: Detail,
    extra: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(worded(detail, NATIONAL_TERMS), { cause })
    this.#detail = detail
    this.code = code
    this.stage = stage
    this.extra = extra
  }

  get row(): ProblemRow {
    return PROBLEMS[this.code]
  }

  /** The sentence in the given terms. */
  detailIn(terms: Terms): string {
    return worded(this.#detail, terms)
  }
}

function worded(detail: Detail, terms: Terms): string {
  return typeof detail === 'string' ? detail : detail(terms)
}
