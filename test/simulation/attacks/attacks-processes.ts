/** Attacks on processes: killed, frozen, ended; the gateway, its workers, the platforms. */
import { type Attack, meanwhile } from './attack.ts'
import type { Platform } from './platforms.ts'
import type { Stage } from './stage.ts'

/** Shorter and longer than the deadline of a call. */
const FROZEN_MS = [200, 2500] as const
/** Longest that a platform is gone. */
const GONE_MS = 1500

async function killed({ machine }: Stage): Promise<void> {
  await machine.kill()
  await machine.start()
}

async function killedWhileItStarts(stage: Stage): Promise<void> {
  const { machine } = stage
  await machine.kill()
  machine.begin()
  await meanwhile(stage, 0, Math.round(machine.shortestStartMs))
  await machine.kill()
  await machine.start()
}

/** The second kill hits while it looks for what the first has left unknown. */
async function killedWhileItRecovers(stage: Stage): Promise<void> {
  const { machine } = stage
  await killed(stage)
  await meanwhile(stage, 0, 150)
  await killed(stage)
  await meanwhile(stage, 0, 300)
  await machine.kill()
  await machine.start()
}

async function frozen(stage: Stage): Promise<void> {
  stage.machine.freeze()
  await meanwhile(stage, ...FROZEN_MS)
  stage.machine.thaw()
}

async function frozenThenKilled(stage: Stage): Promise<void> {
  stage.machine.freeze()
  await meanwhile(stage, ...FROZEN_MS)
  await killed(stage)
}

async function ended({ machine }: Stage): Promise<void> {
  await machine.stop()
  await machine.start()
}

async function platformsKilled(stage: Stage, platforms: readonly Platform[]): Promise<void> {
  await Promise.all(platforms.map((platform) => platform.kill()))
  await meanwhile(stage, 0, GONE_MS)
  await Promise.all(platforms.map((platform) => platform.start()))
}

async function platformFrozen(stage: Stage): Promise<void> {
  const platform = stage.dice.pick(stage.platforms)
  platform.freeze()
  await meanwhile(stage, ...FROZEN_MS)
  platform.thaw()
}

async function bothKilled(stage: Stage): Promise<void> {
  const platform = stage.dice.pick(stage.platforms)
  await Promise.all([platform.kill(), stage.machine.kill()])
  await Promise.all([platform.start(), stage.machine.start()])
}

async function workersKilled({ machine, dice }: Stage, all: boolean): Promise<void> {
  const pids = machine.workerPids
  for (const pid of all ? pids : [dice.pick(pids)]) process.kill(pid, 'SIGKILL')
}

async function workerFrozen(stage: Stage): Promise<void> {
  const pid = stage.dice.pick(stage.machine.workerPids)
  process.kill(pid, 'SIGSTOP')
  await meanwhile(stage, ...FROZEN_MS)
  process.kill(pid, 'SIGCONT')
}

/** All of them. */
export const PROCESS_ATTACKS: readonly Attack[] = [
  { name: 'gateway killed', on: 'both', make: killed },
  { name: 'gateway killed while it starts', on: 'both', make: killedWhileItStarts },
  { name: 'gateway killed while it recovers', on: 'both', make: killedWhileItRecovers },
  { name: 'gateway frozen', on: 'both', make: frozen },
  { name: 'gateway frozen, then killed', on: 'one', make: frozenThenKilled },
  { name: 'gateway ended and started', on: 'both', make: ended },
  {
    name: 'platform killed',
    on: 'both',
    make: (stage) => platformsKilled(stage, [stage.dice.pick(stage.platforms)]),
  },
  { name: 'all platforms killed', on: 'one', make: (stage) => platformsKilled(stage, stage.platforms) },
  { name: 'platform frozen', on: 'both', make: platformFrozen },
  { name: 'platform and gateway killed', on: 'both', make: bothKilled },
  { name: 'worker killed', on: 'workers', make: (stage) => workersKilled(stage, false) },
  { name: 'all workers killed', on: 'workers', make: (stage) => workersKilled(stage, true) },
  { name: 'worker frozen', on: 'workers', make: workerFrozen },
]
