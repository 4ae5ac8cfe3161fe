/** After a restore, what was done after the backup does not leave again under its key. */
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compared } from '../../src/commands/compared.ts'
import { backUp, restore } from '../../src/journal/backup/backup.ts'
import { readRestored } from '../../src/journal/backup/restored.ts'
import { runCommand } from '../support/command.ts'
import { bodies, type Gateway, keyed, No, startGateway, wellPlatform } from './rest-support.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'zhijie-restored-'))
const given = bodies({ code: 'J18.900', name: '支气管肺炎' }, 'XA10BAE909A001010199003')
const opened = (gateway: Gateway) => gateway.post('/v1/encounters', given.outpatient('V1'), keyed('K1'))
const sent = ({ received }: Gateway) => received.filter(({ infno }) => infno === '2201').length

it('a request that was done after the backup does not leave again under its key after the restore', async () => {
  const first = await startGateway()
  const copy = join(folder(), 'copy')
  await backUp(first.directory, join(first.directory, 'archive'), copy)
  const done = await opened(first)
  expect(done.text).toContain('E-V1')
  const data = folder()
  cpSync(join(first.directory, 'key'), join(data, 'key'))
  await first.close()

  await restore(copy, data, false, Date.now())
  const second = await startGateway(undefined, {}, data)
  // What cannot be looked for there waits for people.
  second.platform = (message) => {
    if (message.infno === '5201') throw new No('查询服务暂停')
    return wellPlatform(message)
  }
  const again = await opened(second)
  expect(again.status).toBe(409)
  expect(again.json).toMatchObject({ type: '/problems/compare-first', retry: 'inquire-first' })
  expect(again.json.detail).toContain('先向平台查询是否已办理')
  expect(sent(second)).toBe(0)

  const env = { ZHIJIE_DATA: data }
  const asked = await runCommand(compared, env, [])
  expect(asked.code).toBe(1)
  expect(asked.said).toContain('with the platforms')
  expect(await opened(second)).toMatchObject({ status: 409 })
  const said = await runCommand(compared, env, ['--by', '张三'])
  expect(said.code).toBe(0)
  expect(readRestored(join(data, 'journal'))?.compared?.by).toBe('张三')
  expect((await opened(second)).text).toContain('E-V1')
  expect(sent(second)).toBe(1)
  await second.close()
})

it('a request about a visit that was opened after the backup is not told that there is no such visit', async () => {
  const first = await startGateway()
  const copy = join(folder(), 'copy')
  await backUp(first.directory, join(first.directory, 'archive'), copy)
  const data = folder()
  cpSync(join(first.directory, 'key'), join(data, 'key'))
  await opened(first)
  const settle = (gateway: Gateway) => gateway.post('/v1/encounters/E-V1/settlement', given.bill, keyed('K2'))
  expect(await settle(first)).toMatchObject({ status: 201 })
  await first.close()

  await restore(copy, data, false, Date.now())
  const second = await startGateway(undefined, {}, data)
  const again = await settle(second)
  expect(again.json).toMatchObject({ type: '/problems/compare-first', retry: 'inquire-first' })
  expect((await runCommand(compared, { ZHIJIE_DATA: data }, ['--by', '张三'])).code).toBe(0)
  expect((await settle(second)).json).toMatchObject({ type: '/problems/not-found' })
  expect(second.received).toEqual([])
  await second.close()
})
