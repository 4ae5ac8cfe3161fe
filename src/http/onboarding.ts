/** The operators' door of openings: what stands, with its history, and the next step. */
import { Hono } from 'hono'
import { z } from 'zod'
import type { CodesNow } from '../codes/live/hot-reload.ts'
import type { Day, Instant } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { BookedStep } from '../onboarding/book.ts'
import { ONBOARDING_FIELDS } from '../onboarding/file.ts'
import { listOnboarding, openingsOf } from '../onboarding/list.ts'
import type { LiveOnboarding } from '../onboarding/live.ts'
import { OnboardingRefused, takeStep } from '../onboarding/take-step.ts'
import type { InstitutionDirectory } from '../pipeline/institution-directory.ts'
import { readOperatorJson } from './body.ts'
import { callerOf, type Door } from './roles.ts'

/** What the door works on. */
export interface OnboardingContext {
  readonly onboarding: {
    readonly live: LiveOnboarding
    readonly dataDir: string
    readonly shipped: readonly BookedStep[]
    readonly directory: Pick<InstitutionDirectory, 'institution'>
    now(): Instant
  }
  readonly codes: CodesNow
  today(): Day
}

const { lane, reach, population, state, day, score } = ONBOARDING_FIELDS
const all = <Value extends z.ZodType>(one: Value) => z.union([one, z.literal('all')])

/** A step as it is handed in. */
export const onboardingStep = z.strictObject({
  institution: z.string(),
  lane,
  reach: all(reach),
  population: all(population),
  state,
  from: day.optional(),
  reason: z.string(),
  score: score.optional(),
})

/** What may be asked for. */
export const onboardingFilter = z.strictObject({
  institution: z.string().optional(),
  lane: lane.optional(),
  state: state.optional(),
})

/** `GET` and `POST /v1/onboarding`. Who took a step is the caller: nobody writes another's name. */
export function onboardingRoutes({ onboarding, codes, today }: OnboardingContext): Hono<Door> {
  const { live, dataDir, shipped, directory, now } = onboarding
  const app = new Hono<Door>()
  app.get('/v1/onboarding', (c) => {
    const filter = checked(onboardingFilter, c.req.query())
    return c.json(listOnboarding(live.current(), filter, today()))
  })
  app.post('/v1/onboarding', async (c) => {
    const {
      institution,
      lane: of,
      reach: from,
      population: whom,
      ...step
    } = checked(onboardingStep, await readOperatorJson(c.env))
    const openings = openingsOf(of, from, whom)
    const lanesOf = (code: string) => directory.institution(codes.current(), code, today())?.lanes ?? null
    try {
      const place = { dataDir, shipped, today: today(), now: now(), lanesOf }
      const taken = takeStep(place, { institution, openings, ...step, by: callerOf(c).id })
      live.reload()
      return c.json({ openings: taken })
    } catch (cause) {
      if (!(cause instanceof OnboardingRefused)) throw cause
      throw new GatewayError('invalid-field', 'receive', cause.message, {}, cause)
    }
  })
  return app
}

function checked<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = schema.safeParse(given)
  if (read.success) return read.data
  const fields = [
    ...new Set(
      read.error.issues.flatMap(({ path, ...issue }) =>
        issue.code === 'unrecognized_keys' ? issue.keys : [path.join('.')],
      ),
    ),
  ].filter((field) => field !== '')
  const detail = fields.length > 0 ? `${fields.join('、')}缺失或不正确，没有变更` : '请提交JSON对象，没有变更'
  throw new GatewayError('invalid-field', 'receive', detail, { fields: fields.map((field) => ({ field })) })
}
