/** Makes one endpoint accept and never answer, and brings it back: over the simulator's admin, or over whoever can. */
import { spawn } from 'node:child_process'
import { get } from '../parties.ts'

/** How an endpoint goes dark and comes back. */
export interface Switch {
  /** How it is done, for the report. */
  readonly how: { readonly zh: string; readonly en: string }
  turn(state: 'dark' | 'back'): Promise<void>
}

/** Who can switch the endpoint. */
export interface SwitchOptions {
  /** Insured province that goes dark. */
  readonly province: string
  /** Its address, where it is one of the platforms of the run. */
  readonly url: string | undefined
  /** Command that is run with `dark` or `back` as its last word. */
  readonly command: string | undefined
  /** Address that is told `{ "province": "440000", "state": "dark" }` by POST. */
  readonly call: string | undefined
  /** Says something to the operator. */
  say(line: string): void
}

/** The way in which this endpoint can be switched: a command or an address if given, the simulator, the operator. */
export async function switchOf(options: SwitchOptions): Promise<Switch> {
  if (options.command !== undefined) return byCommand(options.command)
  if (options.call !== undefined) return byCall(options.call, options.province)
  if (options.url && (await takesFaults(options.url))) return bySimulator(options.url)
  return byOperator(options)
}

async function takesFaults(url: string): Promise<boolean> {
  return get<{ faults?: unknown }>(url, '/faults').then(
    ({ faults }) => Array.isArray(faults),
    () => false,
  )
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} where an endpoint was to be switched`)
}

/** `drop-before` without a transaction: nothing is booked, nothing is answered. Faults of others are put back. */
function bySimulator(url: string): Switch {
  const faults = new URL('/faults', url).href
  let others: unknown[] = []
  return {
    how: { zh: '由模拟平台的故障开关切换', en: 'by the fault switch of the simulated platform' },
    async turn(state) {
      if (state === 'dark') {
        others = (await get<{ faults: unknown[] }>(url, '/faults')).faults
        await post(faults, { kind: 'drop-before' })
        return
      }
      await fetch(faults, { method: 'DELETE' })
      if (others.length > 0) await post(faults, others)
    },
  }
}

function byCall(url: string, province: string): Switch {
  return {
    how: { zh: '由 --dark-call 给出的地址切换', en: 'by the address given with --dark-call' },
    turn: (state) => post(url, { province, state }),
  }
}

function byCommand(command: string): Switch {
  return {
    how: { zh: '由 --dark-command 给出的命令切换', en: 'by the command given with --dark-command' },
    turn: (state) =>
      new Promise((resolve, reject) => {
        const child = spawn(`${command} ${state}`, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] })
        child.once('error', reject)
        child.once('exit', (code) => {
          if (code === 0) resolve()
          else reject(new Error(`"${command} ${state}" ended with code ${code}`))
        })
      }),
  }
}

function byOperator({ province, say }: SwitchOptions): Switch {
  const sentence = {
    dark: `NOW make the endpoint of ${province} accept and not answer`,
    back: `NOW let the endpoint of ${province} answer again`,
  }
  return {
    how: { zh: '由操作人员手工切换', en: 'by the operator, by hand' },
    async turn(state) {
      say(`\u0007${sentence[state]}`)
    },
  }
}
