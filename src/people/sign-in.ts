/** Signing in: the password is compared by argon2, and guessing is slowed down by name and by address. */
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Accounts } from './accounts.ts'

/** Tries in vain that are heard in a quarter of an hour: of one name, and from one address for all names. [A] */
export const SIGN_IN_LIMITS = { perName: 5, perAddress: 30, seconds: 900 }

/** Passwords shorter than this are not taken. */
export const PASSWORD_LENGTH_MIN = 10

/** Comparisons at one moment: each takes 19 MB and a core for some hundredths of a second. */
const AT_ONCE_MAX = 2

/** How a try has ended. */
export type SignIn =
  | { readonly is: 'in' }
  | { readonly is: 'wrong' }
  /** Not heard; in so many seconds again. */
  | { readonly is: 'slow-down'; readonly seconds: number }

/** Whoever lets people in. */
export interface SignInDoor {
  /** @param address of the socket */
  try(name: string, password: string, address: string): Promise<SignIn>
}

/** Makes the hash of a password that is kept. @throws {RangeError} where it is too short */
export async function hashPassword(password: string): Promise<string> {
  if ([...password].length < PASSWORD_LENGTH_MIN) throw new RangeError('The password is too short')
  return hash(password)
}

/** A password that nobody has chosen. */
export function drawPassword(): string {
  return randomBytes(12).toString('base64url')
}

/** Opens the door. */
export function openSignIn(accounts: Accounts): SignInDoor {
  const { perName, perAddress, seconds: duration } = SIGN_IN_LIMITS
  const names = new RateLimiterMemory({ points: perName, duration })
  const addresses = new RateLimiterMemory({ points: perAddress, duration })
  let underWay = 0
  /** Compared where there is no such name, so that its absence takes as long. */
  let nobody: Promise<string> | null = null

  return {
    async try(name, password, address) {
      if (underWay >= AT_ONCE_MAX) return { is: 'slow-down', seconds: 1 }
      underWay += 1
      const key = name.toLowerCase()
      try {
        // Counted before it is compared: many tries at one moment count as many.
        await addresses.consume(address)
        await names.consume(key)
        nobody ??= hash(drawPassword())
        const account = accounts.find(name)
        const fits = await verify(account?.password ?? (await nobody), password)
        if (!account || !fits) return { is: 'wrong' }
        await names.delete(key)
        await addresses.reward(address)
        return { is: 'in' }
      } catch (cause) {
        if (!(cause instanceof RateLimiterRes)) throw cause
        return { is: 'slow-down', seconds: Math.ceil(cause.msBeforeNext / 1000) }
      } finally {
        underWay -= 1
      }
    },
  }
}
