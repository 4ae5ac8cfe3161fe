/**
 * Resident memory of the gateway over a run: from `GET /metrics` where the gateway shows `process_resident_memory_bytes`,
 * else, on Linux, from the process of this machine that listens at its port. Neither is there for a gateway elsewhere.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A reading. */
export interface Reading {
  readonly atMs: number
  readonly bytes: number
}

/** Reads it now; null if nobody tells. */
export type Memory = () => Promise<number | null>

const METRIC = /^process_resident_memory_bytes\s+([\d.e+]+)$/m
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/
const LISTENS = '0A'
const KIB = 1024

async function ofMetrics(gateway: string): Promise<number | null> {
  try {
    const answer = await fetch(new URL('/metrics', gateway))
    const found = answer.ok ? METRIC.exec(await answer.text()) : null
    return found ? Number(found[1]) : null
  } catch {
    return null
  }
}

function ofProcess(pid: string): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found ? Number(found[1]) * KIB : null
  } catch {
    return null
  }
}

/** What a function gives, or `otherwise` where the system does not let us look. */
function attempt<Value>(look: () => Value, otherwise: Value): Value {
  try {
    return look()
  } catch {
    return otherwise
  }
}

/** Sockets that listen at a port, by their inode. */
function listenersOf(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = ['tcp', 'tcp6'].flatMap((name) =>
    attempt(() => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1), []),
  )
  const fields = lines.map((line) => line.trim().split(/\s+/))
  const listening = fields.filter(([, local, , state]) => local?.endsWith(`:${wanted}`) && state === LISTENS)
  return new Set(listening.map((row) => `socket:[${row[9]}]`))
}

/** The process of this machine that listens at a port; null if there is none that we may look at. */
function processAt(port: number): string | null {
  const sockets = listenersOf(port)
  if (sockets.size === 0) return null
  const processes = attempt(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name))
  const holds = (pid: string) =>
    attempt(() => readdirSync(`/proc/${pid}/fd`), []).some((file) =>
      sockets.has(attempt(() => readlinkSync(`/proc/${pid}/fd/${file}`), '')),
    )
  return processes.find(holds) ?? null
}

/** How the memory of a gateway can be read, found once. */
export async function memoryOf(gateway: string): Promise<Memory> {
  if ((await ofMetrics(gateway)) !== null) return () => ofMetrics(gateway)
  const { hostname, port } = new URL(gateway)
  const pid = LOOPBACK.test(hostname) ? processAt(Number(port || 80)) : null
  return async () => (pid === null ? null : ofProcess(pid))
}
