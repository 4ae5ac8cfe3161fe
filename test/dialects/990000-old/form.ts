/**
 * An invented old interface, unlike the national one in everything that a wire can differ in: elements instead of JSON, other
 * numbers, other names, amounts in fen. Nothing outside this folder knows of it.
 */
import { createHash, createHmac } from 'node:crypto'
import { GatewayError } from '../../../src/domain/problems.ts'
import type { Form } from '../../../src/extension/form.ts'
import { ownNumber } from './names.ts'
import { readXml, written } from './xml.ts'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

function document(root: string, envelope: Readonly<Record<string, unknown>>): Buffer {
  const fields = Object.entries(envelope).map(([name, value]) => written(name, value))
  return Buffer.from(`${DECLARATION}<${root}>${fields.join('')}</${root}>`)
}

/** What its headers say of a body. */
export const digestOf = (body: Buffer) => createHash('sha256').update(body).digest('hex')

/** What it signs with, as its platform has given it. */
export const SECRET = '授权码'

/** How it signs. */
export const signatureOf = (secret: string, at: string, nonce: string, body: Buffer) =>
  createHmac('sha256', secret).update(`${at}|${nonce}|`).update(body).digest('base64')

/** The wire. */
export const form: Form = {
  id: '990000-old',
  title: '虚构的旧版接口',
  contentType: 'application/xml; charset=utf-8',
  credentials: [SECRET],
  requestHeaders: ({ operation }, body, { at, nonce, credentials }) => ({
    'x-yw-jybh': ownNumber(operation.transaction),
    'x-yw-sj': String(at),
    'x-yw-sjs': nonce,
    'x-yw-zy': digestOf(body),
    'x-yw-qm': signatureOf(credentials[SECRET]!, String(at), nonce, body),
  }),
  answerHeaders: (body) => ({ 'x-yw-zy': digestOf(body) }),
  accepts: (path) => (path === '/yhis/services/old' ? { transaction: null } : null),
  readRequest(body) {
    try {
      return readXml(body.toString(), 'JY')
    } catch (cause) {
      throw new GatewayError('unreadable-body', 'receive', '报文不是旧版接口的XML，本次未办理任何业务', {
        cause,
      })
    }
  },
  writeRequest: (envelope) => document('JY', envelope),
  readAnswer: (body) => readXml(body.toString(), 'FH'),
  writeAnswer: (envelope) => document('FH', envelope),
}
