/** Parses a REST request: its body and key. Faults name the field and never repeat a value. */
import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { trimmedJson } from '../../domain/blank.ts'
import { isIdentityNumber } from '../../domain/person.ts'
import { GatewayError } from '../../domain/problems.ts'
import { namedTwice } from '../../extension/json.ts'
import { readBody, requireJson } from '../body.ts'
import type { Door } from '../roles.ts'
import { inUtf8 } from '../unpack.ts'

/** A request as Hono carries it over the Node server. */
export type RestRequest = Context<Door>

/** Maximum faults in one answer. */
const FAULTS_MAX = 20
const KEY_CHARACTERS_MAX = 255

interface Fault {
  readonly field: string
  readonly text: string
}

/** An error that names fields. */
export function fieldFault(faults: readonly Fault[]): GatewayError {
  const shown = faults.slice(0, FAULTS_MAX)
  const more = faults.length > FAULTS_MAX ? `；另有${faults.length - FAULTS_MAX}处` : ''
  const told = shown.map(({ field, text }) => `${field} ${text}`).join('；')
  return new GatewayError('invalid-field', 'receive', told + more, { fields: shown })
}

/** Chinese names of types for cashiers. */
const TYPES: Readonly<Record<string, string>> = {
  string: '文本',
  number: '数值',
  int: '整数',
  boolean: 'true或false',
  object: '对象',
  array: '数组',
}

function sizeText(issue: z.core.$ZodRawIssue & { code: 'too_big' | 'too_small' }): string {
  const big = issue.code === 'too_big'
  const limit = String(big ? issue.maximum : issue.minimum)
  if (issue.origin === 'string') return big ? `不能超过${limit}个字符` : '不能为空'
  if (issue.origin === 'array') return big ? `不能超过${limit}行` : `至少${limit}行`
  return big ? `不能大于${limit}` : `不能小于${limit}`
}

/** Describes a fault in Chinese without its value. Messages of the schemas themselves take precedence. */
function wordsFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || issue.input === null
        ? '不能为空'
        : `须为${TYPES[issue.expected] ?? issue.expected}`
    case 'too_big':
    case 'too_small':
      return sizeText(issue)
    case 'invalid_value':
      return issue.input === undefined ? '不能为空' : `须为${issue.values.map(String).join('、')}之一`
    case 'unrecognized_keys':
      return `有未定义的字段${issue.keys.filter((key) => /^[A-Za-z]\w{0,40}$/.test(key)).join('、')}`
    case 'invalid_union':
      return issue.input === undefined ? '不能为空' : '不是任何一种可用的形式'
    default:
      return '格式不正确'
  }
}

/** The place of a fault as `lines[3].totalFen`. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return place.replace(/^\./, '') || '请求'
}

/**
 * Validates a value against its schema.
 *
 * @throws {GatewayError} invalid-field with every field named
 */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const checked = schema.safeParse(value, { error: wordsFor })
  if (checked.success) return checked.data
  const faults = checked.error.issues.map(({ path, message }) => ({ field: placeOf(path), text: message }))
  throw fieldFault(faults)
}

/**
 * Reads the body and trims every text in it, since ids and codes are compared exactly.
 *
 * @throws {GatewayError} wrong-content-type, body-too-large, unreadable-body
 */
export async function readJson(request: RestRequest): Promise<unknown> {
  requireJson(request.req.header('content-type'))
  const bytes = inUtf8(await readBody(request.env), request.env.incoming.headers)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const parsed: unknown = JSON.parse(text)
    const place = namedTwice(text, parsed)
    if (place !== null) throw fieldFault([{ field: place, text: '出现两次，且内容不同' }])
    return trimmedJson(parsed)
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('unreadable-body', 'receive', '请求体须为UTF-8编码的JSON，本次未办理任何业务')
  }
}

/**
 * Parses `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a quoted string, or the bare form that
 * most clients send.
 *
 * @throws {GatewayError} key-missing if it is absent or malformed
 */
export function idempotencyKey(request: RestRequest): string {
  const given = request.req.header('idempotency-key')?.trim() ?? ''
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given
  if (!key)
    throw new GatewayError('key-missing', 'receive', '请在请求头Idempotency-Key中给出本次请求的唯一键')
  if (key.length > KEY_CHARACTERS_MAX || !/^[\x21-\x7e]+$/.test(key) || key.includes('|')) {
    const limit = `Idempotency-Key须为不超过${KEY_CHARACTERS_MAX}个可见ASCII字符，不含竖线`
    throw new GatewayError('key-missing', 'receive', limit)
  }
  if ((key.match(/\d{17}[\dXx]/g) ?? []).some((run) => isIdentityNumber(run.toUpperCase()))) {
    throw new GatewayError('key-missing', 'receive', 'Idempotency-Key不得含身份证件号码')
  }
  return key
}
