/** Entries are committed in order and in bounded groups, and none after a commit that may have written something. */
import { describe, expect, it } from 'vitest'
import { createGroupCommit } from '../../src/journal/embedded/group-commit.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { NothingWritten } from '../../src/journal/segment/nothing-written.ts'
import { AT, settled } from './support.ts'

const entry = (exchange: number): Entry => ({ outcome: { exchange, state: 'open', at: AT } })
const numbers = (batch: readonly Entry[]) => batch.map(({ outcome }) => outcome!.exchange)

/** Commits that end when the test says so. */
function held() {
  const batches: number[][] = []
  const waiting: { resolve: () => void; reject: (cause: unknown) => void }[] = []
  const commits = createGroupCommit((batch) => {
    batches.push(numbers(batch))
    return new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
  })
  const done: number[] = []
  const write = (exchange: number) => commits.write(entry(exchange)).then(() => done.push(exchange))
  return { commits, batches, waiting, done, write }
}

describe('createGroupCommit()', () => {
  it('commits in order what queues while a commit runs, all of it in the next', async () => {
    const { batches, waiting, done, write } = held()
    const first = write(1)
    await settled()
    const others = [2, 3, 4].map(write)
    await settled()
    expect(batches).toEqual([[1]])
    expect(done).toEqual([])
    waiting[0]!.resolve()
    await first
    await settled()
    expect(batches).toEqual([[1], [2, 3, 4]])
    expect(done).toEqual([1])
    waiting[1]!.resolve()
    await Promise.all(others)
    expect(done).toEqual([1, 2, 3, 4])
  })

  it('takes what is written in one turn into one commit', async () => {
    const { batches, waiting, write } = held()
    const written = [1, 2, 3].map(write)
    await settled()
    expect(batches).toEqual([[1, 2, 3]])
    waiting[0]!.resolve()
    await Promise.all(written)
  })

  /** Turns that end when the test says so, and the batches that were committed. */
  function turning() {
    const batches: number[][] = []
    const turns: (() => void)[] = []
    const commits = createGroupCommit(
      async (batch) => void batches.push(numbers(batch)),
      () => new Promise<void>((resolve) => turns.push(resolve)),
    )
    const turn = async () => {
      turns.shift()!()
      await settled()
    }
    return { batches, turns, turn, write: (exchange: number) => void commits.write(entry(exchange)) }
  }

  it('commits after one turn what comes alone', async () => {
    const { batches, turns, turn, write } = turning()
    write(1)
    await turn()
    expect(batches).toEqual([[1]])
    expect(turns).toEqual([])
  })

  it('gathers for as long as each turn brings more', async () => {
    const { batches, turn, write } = turning()
    write(1)
    write(2)
    await turn()
    write(3)
    await turn()
    expect(batches).toEqual([])
    await turn()
    expect(batches).toEqual([[1, 2, 3]])
  })

  it('gathers for four turns at the most, so that a crowd does not hold up its first', async () => {
    const { batches, turns, turn, write } = turning()
    write(1)
    for (const more of [2, 3, 4, 5]) {
      expect(batches).toEqual([])
      write(more)
      await turn()
    }
    expect(batches).toEqual([[1, 2, 3, 4, 5]])
    expect(turns).toEqual([])
  })

  it('takes 512 entries into one commit and the 513th into the next', async () => {
    const sizes: number[] = []
    const commits = createGroupCommit(async (batch) => {
      sizes.push(batch.length)
    })
    await Promise.all(Array.from({ length: 513 }, (_, index) => commits.write(entry(index))))
    expect(sizes).toEqual([512, 1])
  })

  it('takes at most some 4 MiB into one commit, and a longer entry by itself', async () => {
    const sizes: number[] = []
    const commits = createGroupCommit(async (batch) => {
      sizes.push(batch.length)
    })
    const reply = (length: number) => ({
      outcome: { exchange: 1, state: 'open' as const, at: AT, reply: Buffer.alloc(length) },
    })
    const lengths = [1, 1, 1, 1, 5, 1]
    await Promise.all(lengths.map((length) => commits.write(reply(length * 1024 * 1024))))
    expect(sizes).toEqual([3, 1, 1, 1])
  })

  it('starts again after it was idle', async () => {
    const { batches, waiting, write } = held()
    for (const turn of [0, 1]) {
      const written = write(turn)
      await settled()
      waiting[turn]!.resolve()
      await written
      await settled()
    }
    expect(batches).toEqual([[0], [1]])
  })

  it('writes nothing any more once a commit has failed', async () => {
    const { commits, batches, waiting, write } = held()
    const cause = new Error('disk full')
    const first = write(1)
    await settled()
    const queued = write(2)
    expect(commits.failure()).toBeNull()
    waiting[0]!.reject(cause)
    await expect(first).rejects.toBe(cause)
    await expect(queued).rejects.toBe(cause)
    await expect(write(3)).rejects.toBe(cause)
    expect(commits.failure()).toBe(cause)
    expect(batches).toEqual([[1]])
  })

  it('goes on by itself after a commit that has written nothing, and tells who waits for it', async () => {
    const tries: (() => void)[] = []
    let cause: Error | null = new NothingWritten('no descriptor left')
    const batches: number[][] = []
    const commits = createGroupCommit(
      async (batch) => {
        if (cause) throw cause
        batches.push(numbers(batch))
      },
      undefined,
      (_ms, again) => {
        tries.push(again)
        return () => {}
      },
    )
    const written = [1, 2].map((exchange) => commits.write(entry(exchange)))
    for (const one of written) await expect(one).rejects.toBe(cause)
    await expect(commits.write(entry(3))).rejects.toBe(cause)
    let healed = 0
    const waits = [commits.whenWritable(), commits.whenWritable()].map((one) => one.then(() => (healed += 1)))
    expect(tries.length).toBe(1)
    tries.shift()!()
    await settled()
    expect([commits.failure(), healed, tries.length]).toEqual([cause, 0, 1])
    cause = null
    tries.shift()!()
    await Promise.all(waits)
    expect([commits.failure(), healed, tries.length]).toEqual([null, 2, 0])
    await commits.write(entry(4))
    expect(batches).toEqual([[], [4]])
  })

  it('is stopped for good by a try that may have written something', async () => {
    const tries: (() => void)[] = []
    let cause: Error = new NothingWritten('no descriptor left')
    const commits = createGroupCommit(
      () => Promise.reject(cause),
      undefined,
      (_ms, again) => {
        tries.push(again)
        return () => {}
      },
    )
    await expect(commits.write(entry(1))).rejects.toBe(cause)
    cause = new Error('the disk reports an error')
    tries.shift()!()
    await settled()
    expect([commits.failure(), tries.length]).toEqual([cause, 0])
    await expect(commits.write(entry(2))).rejects.toBe(cause)
  })

  it('makes an error of whatever a commit throws', async () => {
    const commits = createGroupCommit(() => Promise.reject('no space'))
    await expect(commits.write(entry(1))).rejects.toThrow('no space')
    expect(commits.failure()).toBeInstanceOf(Error)
  })

  it('is idle at once when nothing is queued, and after the last commit otherwise', async () => {
    const { commits, waiting, write } = held()
    await commits.idle()
    const written = write(1)
    let idle = false
    const waits = commits.idle().then(() => {
      idle = true
    })
    await settled()
    expect(idle).toBe(false)
    waiting[0]!.resolve()
    await Promise.all([written, waits])
    expect(idle).toBe(true)
  })
})
