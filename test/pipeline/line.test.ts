/** Recovery works on so many cases of one destination at once, in order, and holds up no other destination. */
import { describe, expect, it } from 'vitest'
import { createLine } from '../../src/pipeline/recovery/line.ts'

describe('createLine()', () => {
  it('lets so many work at once for one destination, in order, and no fewer for another', async () => {
    const line = createLine(2)
    const begun: string[] = []
    const ends = new Map<string, () => void>()
    const enter = (destination: string, name: string) =>
      line.enter(destination, () => {
        begun.push(name)
        return new Promise<void>((resolve) => ends.set(name, resolve))
      })
    const all = [enter('a', 'a1'), enter('a', 'a2'), enter('a', 'a3'), enter('a', 'a4'), enter('b', 'b1')]
    expect(begun).toEqual(['a1', 'a2', 'b1'])
    ends.get('a2')!()
    await all[1]
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3'])
    for (const name of ['a1', 'a3']) ends.get(name)!()
    await all[2]
    await Promise.resolve()
    ends.get('a4')!()
    ends.get('b1')!()
    await Promise.all(all)
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'a4'])
  })

  it('gives the place on where the work fails', async () => {
    const line = createLine(1)
    const failed = line.enter('a', () => Promise.reject(new Error('broken')))
    const next = line.enter('a', () => Promise.resolve('done'))
    await expect(failed).rejects.toThrow('broken')
    expect(await next).toBe('done')
    expect(await line.enter('a', () => Promise.resolve('again'))).toBe('again')
  })
})
