/** Parses the body of a FHIR request: JSON, or a search form. */
import type { Context } from 'hono'
import { readBody, requireJson } from '../body.ts'
import type { Door } from '../roles.ts'
import { badRequest, FhirFault } from './operation-outcome.ts'

/** Search parameters of a form. @throws {FhirFault} if the body is something else */
export async function readForm(request: Context<Door>): Promise<URLSearchParams> {
  const type = request.req.header('content-type') ?? ''
  const bytes = await readBody(request.env)
  if (bytes.length > 0 && !/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new FhirFault(415, {
      code: 'not-supported',
      text: '_search的参数须以application/x-www-form-urlencoded给出',
    })
  }
  return new URLSearchParams(new TextDecoder().decode(bytes))
}

/** The JSON of a body. @throws {FhirFault} if it is invalid */
export async function readFhirJson(request: Context<Door>): Promise<unknown> {
  requireJson(request.req.header('content-type'))
  const bytes = await readBody(request.env)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw badRequest('请求体须为UTF-8编码的JSON')
  }
}
