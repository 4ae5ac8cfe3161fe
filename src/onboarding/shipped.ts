/** The openings that come with the gateway: one file a region in the folder `onboarding`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Instant } from '../domain/day.ts'
import type { BookedStep } from './book.ts'
import { ONBOARDING_FIELDS } from './file.ts'

const { lane, reach, population, state, day } = ONBOARDING_FIELDS

const region = z.object({
  /** Area of the region, `430900`. */
  area: z.string().regex(/^\d{6}$/),
  title: z.string(),
  source: z.object({ grade: z.enum(['F', 'K', 'A', 'not verified']), text: z.string() }),
  /** Who took the steps. */
  by: z.string(),
  reason: z.string(),
  openings: z.array(
    z.object({
      ...{ institutions: z.array(z.string()), lane, reach, populations: z.array(population) },
      steps: z.array(z.object({ state, from: day })),
    }),
  ),
})

const FOLDER = join(import.meta.dirname, '..', '..', 'onboarding')

/** Reads them. @throws where a file has another form */
export function shippedSteps(folder: string = FOLDER): readonly BookedStep[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().flatMap((name) => stepsIn(join(folder, name)))
}

function stepsIn(file: string): BookedStep[] {
  const read = region.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`${file} has another form. ${z.prettifyError(read.error)}`)
  const { by, reason, openings } = read.data
  return openings.flatMap(({ institutions, populations, steps, ...of }) =>
    institutions.flatMap((institution) =>
      populations.flatMap((population) =>
        steps.map((step) => ({
          ...{ institution, ...of, population, ...step, by, reason },
          at: Date.parse(`${step.from}T00:00:00+08:00`) as Instant,
        })),
      ),
    ),
  )
}
