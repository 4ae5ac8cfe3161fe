/** The addresses under which this JSON is posted. Source: public client code of hospitals, one line a style. [F] */
import type { Operation } from '../../src/extension/dialect.ts'

/** Single endpoints: Jilin, Jiangxi and local front machines, Inner Mongolia (newer), Henan, Jiangsu. */
const SINGLE = [
  '/mbs/fmi/fsi/api/callFsiService/callService',
  '/fsi/api/rsfComIfsService/callService',
  '/uif-hsaf-med-api/api/medical/service',
  '/hss-call-service-interface',
  '/CSB',
]

/** One path with the transaction in it: Guangdong, in two spellings. */
const NUMBERED = /^\/ebus\/.+(?:\/poc-hsa-hgs-|\/poc\/hsa\/hgs\/)(\d{4,6}[A-Z]?)$/

/** One path a transaction behind any prefix: Hebei, Inner Mongolia (older); `epc` is the prescription centre. */
const SERVICE = /^(?:\/[\w.-]+)*\/(?:fsi|epc)\/api\/([\w]+\/[\w]+)$/

/**
 * The address without a slash at its end, and without those that a base address with one brings along (`//CSB`); characters that
 * need no percent sign (RFC 3986, 2.3) are without it.
 */
function plain(path: string): string {
  const decoded = path.includes('%')
    ? path.replaceAll(/%([2-7][\da-f])/gi, (written, hex: string) => {
        const character = String.fromCharCode(Number.parseInt(hex, 16))
        return /[\w.~-]/.test(character) ? character : written
      })
    : path
  const single = decoded.includes('//') ? decoded.replaceAll(/\/{2,}/g, '/') : decoded
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single
}

/**
 * Tells whether an address is of this interface.
 *
 * @returns null if it is not; else the transaction that the address names, null if the envelope alone says it
 */
export function acceptPath(
  path: string,
  operations: Readonly<Record<string, Operation>>,
): { readonly transaction: string | null } | null {
  const bare = plain(path)
  if (SINGLE.includes(bare)) return { transaction: null }
  const numbered = NUMBERED.exec(bare)?.[1]
  if (numbered) return { transaction: numbered }
  const service = SERVICE.exec(bare)?.[1]
  const transaction = service && servicesOf(operations).get(service)
  return transaction ? { transaction } : null
}

const services = new WeakMap<Readonly<Record<string, Operation>>, ReadonlyMap<string, string>>()

/** Transactions by the last part of their address. */
function servicesOf(operations: Readonly<Record<string, Operation>>): ReadonlyMap<string, string> {
  const known = services.get(operations)
  if (known) return known
  const made = new Map<string, string>()
  for (const { path, transaction } of Object.values(operations))
    if (path && !made.has(path)) made.set(path, transaction)
  services.set(operations, made)
  return made
}
