/** An edition goes from maintained to published one step at a time, and never by its maker alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Editions, openEditions } from '../../src/codes/editions/editions.ts'
import { advance, isSamePerson, type LaterState } from '../../src/codes/editions/lifecycle.ts'
import { loadImported } from '../../src/codes/load.ts'
import { type Instant, instantFromShanghai } from '../../src/domain/day.ts'
import { on } from './fixture.ts'

let dataDir: string
let shelf: Editions
let now: Instant
const clock = { now: () => now }
const of = { system: null, standard: 'illness', version: '1' }

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-lifecycle-'))
  now = instantFromShanghai('2025-06-01 09:00:00')
  shelf = openEditions(dataDir, clock)
  const build = shelf.beginTable('illness', {
    version: '1',
    from: on('2025-07-01'),
    source: { grade: 'A', text: 'Invented for a test' },
    state: 'maintained',
    maker: '张三',
  })
  build.add({ code: 'A01.000', name: '伤寒' })
  build.commit()
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const go = (to: LaterState, by = '李四') => advance(shelf, of, to, by, clock)

describe('advance()', () => {
  it('goes maintained, reviewed, publicised, published, and keeps who and when', () => {
    const times: Instant[] = [now]
    for (const state of ['reviewed', 'publicised', 'published'] as const) {
      expect(loadImported(dataDir)).toEqual([])
      now = (now + 60_000) as Instant
      times.push(now)
      go(state)
    }
    expect(loadImported(dataDir)).toHaveLength(1)
    const [edition] = shelf.read().books[0]!.editions
    expect(edition).toMatchObject({
      state: 'published',
      maker: '张三',
      checker: '李四',
      published: '2025-06-01',
    })
    expect(edition!.history).toEqual([
      { state: 'maintained', by: '张三', at: times[0] },
      { state: 'reviewed', by: '李四', at: times[1] },
      { state: 'publicised', by: '李四', at: times[2] },
      { state: 'published', by: '李四', at: times[3] },
    ])
  })

  it.each<LaterState>(['publicised', 'published'])('does not leap to %s', (state) => {
    expect(() => go(state)).toThrow('下一步只能是“已审核”')
    expect(shelf.read().books[0]!.editions[0]!.history).toHaveLength(1)
  })

  it('does not go twice or back', () => {
    go('reviewed')
    expect(() => go('reviewed')).toThrow('下一步只能是“公示中”')
    go('publicised')
    go('published')
    expect(() => go('published')).toThrow('没有下一步')
  })

  it('lets the maker take no later step, however the name is typed', () => {
    for (const name of ['张三', ' 张 三 ', '张三\u3000'])
      expect(() => go('reviewed', name)).toThrow('须由另一人办理')
    go('reviewed')
    expect(() => go('publicised', '张三')).toThrow('须由另一人办理')
    expect(() => go('publicised', '  ')).toThrow('须写明经办人')
    expect(isSamePerson('ＬＩ si', 'li SI')).toBe(true)
  })

  it('knows no other edition', () => {
    expect(() => advance(shelf, { ...of, version: '2' }, 'reviewed', '李四', clock)).toThrow('现有：1')
    expect(() => advance(shelf, { ...of, system: 'H' }, 'reviewed', '李四', clock)).toThrow('现有：无')
  })

  it('writes the steps of an edition that is published at once, the later ones by the checker', () => {
    const build = shelf.beginTable('illness', {
      ...shelf.read().books[0]!.editions[0]!,
      ...{ version: '2', from: on('2026-01-01'), state: 'published', checker: '王五' },
    })
    build.add({ code: 'A01.000', name: '伤寒' })
    build.commit()
    const history = shelf.read().books[0]!.editions[1]!.history
    expect(history.map(({ state, by }) => `${state} ${by}`)).toEqual([
      'maintained 张三',
      'reviewed 王五',
      'publicised 王五',
      'published 王五',
    ])
  })
})
