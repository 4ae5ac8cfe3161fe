/**
 * Resident memory of the gateway over a run: from `GET /metrics` where the gateway shows `process_resident_memory_bytes`,
 * else from the system where the gateway's process id is known and it runs here.
 */
import { readFileSync } from 'node:fs'

/** A reading. */
export interface Reading {
  readonly atMs: number
  readonly bytes: number
}

const METRIC = /^process_resident_memory_bytes\s+([\d.e+]+)$/m
const KIB = 1024

/** @returns bytes, or null where nobody tells */
async function ofMetrics(gateway: string): Promise<number | null> {
  try {
    const answer = await fetch(new URL('/metrics', gateway))
    const found = answer.ok ? METRIC.exec(await answer.text()) : null
    return found ? Number(found[1]) : null
  } catch {
    return null
  }
}

/** @returns bytes, or null where the system does not tell */
function ofProcess(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found ? Number(found[1]) * KIB : null
  } catch {
    return null
  }
}

/** Reads it now. */
export function residentBytes(gateway: string, pid: number | null): Promise<number | null> {
  return pid === null ? ofMetrics(gateway) : Promise.resolve(ofProcess(pid))
}
