/**
 * Layers above basic insurance, serious illness and assistance: civil servants, enterprises, disabled servicemen,
 * and others. Each pays part of what the previous layers leave; a layer that does not apply at the place of
 * treatment is reported, to be claimed at home. Order and ratios [A].
 */
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import { type Ratio, ratioFrom, shareOf } from './ratio.ts'

/** One payer, and the hook for a further one. */
export interface Supplement {
  /** Our name of it. */
  readonly name: 'civilServant' | 'enterprise' | 'disabled' | 'further'
  /** Fund type `fund_pay_type`. */
  readonly fund: string
  /** Field of the amounts that it is told in. */
  readonly field: 'cvlserv_pay' | 'hifes_pay' | 'hifdm_pay' | 'oth_pay'
  /** Whether it settles where the person is treated in another province; else it is claimed afterwards. */
  readonly settlesAcross: boolean
  /** What it would pay of what is left in scope, in fen. */
  pays(left: Fen): Fen
}

const share = (ratio: Ratio) => (left: Fen) => shareOf(left, ratio)

/** 惠民保 and the like: of what is above a threshold of the bill. */
const FURTHER_FROM = asFen(1_000_000)

/** All that are known, in their order. A further payer is one more row. */
export const SUPPLEMENTS: Readonly<Record<Supplement['name'], Supplement>> = {
  civilServant: {
    ...{ name: 'civilServant', fund: '320100', field: 'cvlserv_pay', settlesAcross: true },
    pays: share(ratioFrom(0.5)),
  },
  enterprise: {
    ...{ name: 'enterprise', fund: '370100', field: 'hifes_pay', settlesAcross: false },
    pays: share(ratioFrom(0.4)),
  },
  disabled: {
    ...{ name: 'disabled', fund: '350100', field: 'hifdm_pay', settlesAcross: true },
    pays: (left) => left,
  },
  further: {
    ...{ name: 'further', fund: '999997', field: 'oth_pay', settlesAcross: false },
    pays: (left) => shareOf(asFen(Math.max(left - FURTHER_FROM, 0)), ratioFrom(0.6)),
  },
}

/** What one payer pays of a bill: now, or when it is claimed. */
export interface SupplementPaid {
  readonly supplement: Supplement
  readonly here: Fen
  /** To be claimed at the insured place; the person pays it first. */
  readonly later: Fen
}

/** Asks each in turn. @param across whether the person is treated in another province */
export function supplementsPay(
  supplements: readonly Supplement[],
  left: Fen,
  across: boolean,
): readonly SupplementPaid[] {
  let rest = left
  return supplements.map((supplement) => {
    const pays = asFen(Math.min(Math.max(supplement.pays(rest), 0), rest))
    rest = asFen(rest - pays)
    const isHere = supplement.settlesAcross || !across
    return { supplement, here: isHere ? pays : ZERO, later: isHere ? ZERO : pays }
  })
}
