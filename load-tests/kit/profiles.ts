/**
 * The profiles of `npm run load`, as data: how the rate goes, who comes, with what bills, and what happens to a platform
 * meanwhile. Shares are assumptions of ours, made for what each profile is to show; those of the country stand in
 * nobody's public record.
 */
import type { Point } from './shape.ts'

/** What a visit is for. */
export type Kind = 'outpatient' | 'inpatient' | 'question'

/** One profile. */
export interface Profile {
  readonly title: { readonly zh: string; readonly en: string }
  /** One sentence of what it plays. */
  readonly plays: { readonly zh: string; readonly en: string }
  /** Visits a second and minutes, unless told. */
  readonly rate: number
  readonly minutes: number
  readonly shape: readonly Point[]
  readonly kinds: Readonly<Record<Kind, number>>
  /** Fee lines of a bill, from and to; most outpatient bills are short. */
  readonly lines: Readonly<Record<'outpatient' | 'inpatient', readonly [number, number]>>
  /** Mean seconds between the bill and its settlement, while the patient is at the doctor’s and the cashier’s. */
  readonly pauseSeconds: number
  /** Share of visits by people insured in another province. */
  readonly crossShare: number
  /** Weights of the insured provinces; every province that is there counts 1 unless it is named. */
  readonly insured: Readonly<Record<string, number>>
  /** Share of settlements that are cancelled again (2208, 2305), and of these the share that are settled anew. */
  readonly cancelled: number
  readonly settledAnew: number
  /** When an insured province accepts and never answers, as shares of the time. */
  readonly dark: { readonly from: number; readonly until: number } | null
  /** Whether the first tenth is held against the last. */
  readonly drift: boolean
}

const STEADY = [
  { at: 0, share: 1 },
  { at: 1, share: 1 },
] as const

const ORDINARY = {
  kinds: { outpatient: 94, inpatient: 2, question: 4 },
  lines: { outpatient: [1, 40], inpatient: [20, 60] },
  pauseSeconds: 2,
  crossShare: 0.6,
  insured: {},
  cancelled: 0.012,
  settledAnew: 0.5,
  dark: null,
  drift: false,
} as const

/** Every profile by its name. */
export const PROFILES = {
  'morning-peak': {
    ...ORDINARY,
    title: { zh: '早高峰', en: 'Morning peak' },
    plays: {
      zh: '前三分之一从给定速率的20%升到100%，中间持平，最后三分之一回落；以门诊为主，每单1至40行。',
      en: 'rises from 20 % to the given rate in the first third, holds it, falls in the last; mostly outpatient, 1 to 40 lines',
    },
    rate: 30,
    minutes: 3,
    shape: [
      { at: 0, share: 0.2 },
      { at: 1 / 3, share: 1 },
      { at: 2 / 3, share: 1 },
      { at: 1, share: 0.2 },
    ],
  },
  'one-province-dark': {
    ...ORDINARY,
    title: { zh: '一省无应答', en: 'One province dark' },
    plays: {
      zh: '速率平稳；中间三分之一时间里，一个参保省只接收、不应答，之后恢复。',
      en: 'steady; in the middle third one insured province accepts and never answers, then it comes back',
    },
    rate: 20,
    minutes: 3,
    shape: STEADY,
    dark: { from: 1 / 3, until: 2 / 3 },
  },
  'month-end': {
    ...ORDINARY,
    title: { zh: '月末', en: 'Month end' },
    plays: {
      zh: '出院结算为主，每单200行；夹有撤销（2208、2305）、重新结算和查询对账。',
      en: 'inpatient discharges with 200 lines, cancellations (2208, 2305), settlements anew, queries that reconcile',
    },
    rate: 4,
    minutes: 3,
    shape: STEADY,
    kinds: { outpatient: 15, inpatient: 45, question: 40 },
    lines: { outpatient: [1, 40], inpatient: [200, 200] },
    cancelled: 0.15,
    settledAnew: 0.8,
  },
  'slow-burn': {
    ...ORDINARY,
    title: { zh: '长时间低速', en: 'Slow burn' },
    plays: {
      zh: '低速长跑，比较开头十分之一与末尾十分之一的延迟和内存。',
      en: 'low and steady for long; latency and memory of the first tenth against the last',
    },
    rate: 5,
    minutes: 60,
    shape: STEADY,
    drift: true,
  },
} as const satisfies Record<string, Profile>

/** Name of a profile. */
export type ProfileName = keyof typeof PROFILES
