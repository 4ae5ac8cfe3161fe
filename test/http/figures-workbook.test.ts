/** A workbook of the figures names the role that asked, never the caller; a hospital gets none. */

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SHEET_NAMES } from '../../src/reports/figures/workbook.ts'
import { temporaryFiles } from '../support/files.ts'
import { cellsOfWorkbook } from '../support/read-workbook.ts'
import { type Gateway, HOSPITAL, startGateway } from './rest-support.ts'

const sha = (key: string) => createHash('sha256').update(key).digest('hex')
const files = temporaryFiles()
let gateway: Gateway

beforeAll(async () => {
  gateway = await startGateway([
    { id: 'some-bureau', keySha256: sha('b'), role: 'bureau' },
    { id: 'some-hospital', keySha256: sha('h'), institutions: [HOSPITAL] },
  ])
})
afterAll(() => gateway.close())

const workbook = (key: string) =>
  fetch(`${gateway.url}/v1/reports/rates?from=2025-01&to=2025-03&format=xlsx`, {
    headers: { 'x-api-key': key },
  })

it('is the role', async () => {
  const answer = await workbook('b')
  expect(answer.headers.get('content-type')).toContain('spreadsheetml.sheet')
  const file = files.write('book.xlsx', new Uint8Array(await answer.arrayBuffer()))
  const about = await cellsOfWorkbook(file, SHEET_NAMES.about)
  expect(about).toContainEqual(['查询人角色', '医保经办机构'])
  expect(about.join()).not.toContain('some-bureau')
})

it('is refused to a hospital', async () => {
  const answer = await workbook('h')
  expect(answer.status).toBe(403)
  expect(answer.headers.get('content-type')).toContain('problem+json')
})
