/** The operator's file of what each platform has given to sign with: the file holds secrets. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Credentials } from '../extension/departure.ts'

const PLATFORM = /^(national|\d{2}0000)$/

const credentialsFile = z
  .record(z.string(), z.record(z.string().min(1), z.string().min(1)))
  .superRefine((platforms, { addIssue }) => {
    for (const name of Object.keys(platforms))
      if (!PLATFORM.test(name))
        addIssue({
          code: 'custom',
          path: [name],
          message: 'It must be national or a province code such as 430000',
        })
  })

/**
 * Reads it: `{ "430000": { "accessKey": "…", "secretKey": "…" } }`, the names as the dialect lists them.
 *
 * @param file null: there is none
 * @returns by platform
 * @throws where it is not usable; its values are in no message
 */
export function readCredentials(file: string | null): Readonly<Record<string, Credentials>> {
  if (file === null) return {}
  try {
    return credentialsFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`ZHIJIE_CREDENTIALS: the file ${file} is not usable. ${whyNot(cause)}`)
  }
}

function whyNot(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause)
  // What JSON.parse says quotes the text, and here the text is secrets.
  return cause instanceof SyntaxError ? 'It is not JSON.' : (cause as Error).message
}
