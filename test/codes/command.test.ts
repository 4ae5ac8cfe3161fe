/** `npm run codes -- list` and `translate` tell what a shelf holds and answers, and refuse a wrong question. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEditions } from '../../src/codes/editions/editions.ts'
import { on } from './fixture.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const source = { grade: 'A', text: 'Invented for a test' } as const
const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-codes-'))
const MANY = 20_000

beforeAll(() => {
  const shelf = openEditions(dataDir)
  const edition = { source, maker: '甲', state: 'published' } as const
  const table = shelf.beginTable('diagnosis', { ...edition, version: '3.0', from: on('2025-01-01') })
  for (let index = 0; index < MANY; index += 1) table.add({ code: codeOf(index), name: `病${index}` })
  table.commit()
  const map = shelf.beginMap('old', 'diagnosis', { ...edition, version: 'm1', from: on('2025-01-01') })
  for (let index = 0; index < MANY; index += 1) {
    const targets = [{ code: codeOf(index >> 1), relation: 'narrower' } as const]
    map.add({ code: `L${index}`, name: `旧${index}`, groups: [{ together: false, targets }] })
  }
  map.commit()
  const next = shelf.beginTable('diagnosis', {
    ...edition,
    state: 'maintained',
    version: '4.0',
    from: on('2026-01-01'),
  })
  next.add({ code: codeOf(0), name: '新名' })
  next.commit()
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function codeOf(index: number): string {
  const letter = String.fromCharCode(65 + Math.floor(index / 1000))
  return `${letter}${String(index % 1000)
    .padStart(3, '0')
    .slice(0, 2)}.${index % 10}00`
}

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/zhijie.mjs', 'codes', ...args], {
    cwd: ROOT,
    env: { ...process.env, ZHIJIE_DATA: dataDir },
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { status, stderr, lines: stdout.split('\n').filter(Boolean) }
}

const ASK = ['translate', '--standard', 'diagnosis', '--system', 'old', '--day', '2025-06-01']

describe('codes translate', () => {
  it('answers one JSON object a line, in the order of the codes', () => {
    const codes = Array.from({ length: MANY }, (_, index) => `L${index}`)
    const { status, lines } = run([...ASK, '--json'], codes.join('\r\n'))
    expect(status).toBe(0)
    expect(lines).toHaveLength(MANY)
    const answers = lines.map((line) => JSON.parse(line))
    expect(answers.map(({ code }) => code)).toEqual(codes)
    expect(answers[7]).toMatchObject({
      code: 'L7',
      targets: [{ code: codeOf(3), name: '病3', relation: 'narrower', together: false, edition: '3.0' }],
      map: 'old@m1',
    })
  })

  it('says why there is no target, and answers in reverse with all', () => {
    const { lines } = run([...ASK, '--json'], 'X\n\n L1 \n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { code: 'X', targets: [], reason: 'not-mapped' },
      { code: 'L1', targets: [{ code: codeOf(0) }] },
    ])
    const back = run([...ASK, '--json', '--reverse'], codeOf(3))
    expect(JSON.parse(back.lines[0]!)).toMatchObject({
      code: codeOf(3),
      several: true,
      targets: [{ code: 'L6' }, { code: 'L7' }],
    })
  })

  it('asks what waits for its second person too, unless only what is in use is wanted', () => {
    const ask = (...more: string[]) => {
      const day = ['--day', '2026-06-01']
      const { lines } = run(
        ['translate', '--standard', 'diagnosis', '--system', 'national', ...day, ...more],
        codeOf(0),
      )
      return lines
    }
    expect(ask('--in-use')).toEqual([`${codeOf(0)}\t${codeOf(0)} 病0（等同，3.0版）`])
    expect(ask()).toEqual([`${codeOf(0)}\t${codeOf(0)} 新名（等同，4.0版）`])
  })

  it.each([
    [['--standard', 'nothing', '--system', 'old'], '没有编码标准“nothing”'],
    [['--standard', 'diagnosis', '--system', 'nothing'], '没有从“nothing”到“diagnosis”的对照表'],
    [['--standard', 'diagnosis'], '缺少'],
    [['--standard', 'diagnosis', '--system', 'old', '--day', '2025-02-30'], '2025-02-30'],
    [['--nothing'], '用法'],
  ])('refuses %j', (args, text) => {
    const { status, stderr } = run(['translate', ...args], 'L1')
    expect(status).toBe(2)
    expect(stderr).toContain(text)
  })
})

describe('codes list', () => {
  it('shows what is shipped and what is on the shelf', () => {
    const listed = run(['list', '--json']).lines.map((line) => JSON.parse(line))
    expect(listed.filter(({ kept }) => kept === 'shelf')).toMatchObject([
      { standard: 'diagnosis', system: 'old', version: 'm1', rows: MANY },
      { standard: 'diagnosis', system: null, version: '3.0', rows: MANY, state: 'published', maker: '甲' },
      { standard: 'diagnosis', system: null, version: '4.0', rows: 1, state: 'maintained' },
    ])
    expect(listed.some(({ kept, standard }) => kept === 'shipped' && standard === 'diagnosis')).toBe(true)
    expect(run(['list']).lines.some((line) => line.includes('维护中'))).toBe(true)
  })
})

it('codes knows no other command', () => {
  expect(run(['nothing'])).toMatchObject({ status: 2 })
})
