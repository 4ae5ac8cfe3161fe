/** How the pages read a form and are answered. */
import type { Context } from 'hono'
import { readBody } from '../../http/body.ts'
import type { Html } from '../charts.ts'
import type { Visit } from './guard.ts'

const FORM_BYTES_MAX = 8 * 1024

/** Reads a form. @throws {GatewayError} */
export async function formOf(visit: Pick<Visit, 'env'>): Promise<URLSearchParams> {
  return new URLSearchParams((await readBody(visit.env, FORM_BYTES_MAX)).toString())
}

/** Answers with a page. */
export function show(visit: Context, made: Html, status: 200 | 400 | 401 | 403 | 404 | 409 | 429 = 200) {
  return visit.html(made, status)
}
