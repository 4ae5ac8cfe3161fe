/**
 * How the amounts of a settlement stand to each other, as data: places differ in what they count into what. Each form is
 * tried in this order; the first whose identities all hold is taken, and the amounts are told as our own have them: the fund
 * without any account, the account with the family's share. Where no form holds the answer proves nothing.
 */
import { type Fen, sumOfFen } from '../../src/domain/money.ts'
import { type Settlement, settlementFault } from '../../src/domain/settlement.ts'

/** Amounts as they are sent. */
export interface SentAmounts extends Omit<Settlement, 'cash'> {
  /** The family account `acct_mulaid_pay`. */
  readonly family: Fen
  /** Null if the answer leaves the cash out. */
  readonly cash: Fen | null
}

/** One way of counting. */
export interface AmountForm {
  readonly source: string
  /** The family account stands beside `acct_pay`, not in it. */
  readonly familyBeside: boolean
  /** The account is counted into `fund_pay_sumamt`. */
  readonly accountInFund: boolean
  /** `psn_part_amt` is the cash alone. */
  readonly personIsCash: boolean
}

/** Every form, the most usual one first. */
export const AMOUNT_FORMS: readonly AmountForm[] = [
  {
    source: 'Hunan text, 2207: acct_pay contains acct_mulaid_pay, the fund excludes the account [F]',
    familyBeside: false,
    accountInFund: false,
    personIsCash: false,
  },
  {
    source: 'messages section 8 rule 4: acct_mulaid_pay where it is not inside acct_pay [F]',
    familyBeside: true,
    accountInFund: false,
    personIsCash: false,
  },
  {
    source: 'Guangdong (Zhuhai): total = fund_pay_sumamt + psn_cash_pay + …, the fund includes acct_pay [F]',
    familyBeside: false,
    accountInFund: true,
    personIsCash: false,
  },
  {
    source: 'Guangdong, with the family account beside acct_pay [A]',
    familyBeside: true,
    accountInFund: true,
    personIsCash: false,
  },
  {
    source: 'Guangdong, psn_part_amt without what the fund includes already [A]',
    familyBeside: false,
    accountInFund: true,
    personIsCash: true,
  },
  {
    source: 'Guangdong, both of the two above [A]',
    familyBeside: true,
    accountInFund: true,
    personIsCash: true,
  },
]

function readAs(sent: SentAmounts, form: AmountForm): Settlement {
  const { family, cash: given, ...rest } = sent
  const account = form.familyBeside ? sumOfFen([sent.account, family]) : sent.account
  const person = form.personIsCash ? sumOfFen([sent.person, account]) : sent.person
  const fund = form.accountInFund ? ((sent.fund - account) as Fen) : sent.fund
  return { ...rest, fund, person, account, cash: given ?? ((person - account) as Fen) }
}

/** Reads amounts in the first form that holds; in the most usual one where none does, for the caller to judge. */
export function readAmounts(sent: SentAmounts): Settlement {
  const usual = readAs(sent, AMOUNT_FORMS[0]!)
  if (!settlementFault(usual)) return usual
  for (const form of AMOUNT_FORMS) {
    // Without the cash of the answer nothing would tell this form from an account that pays more than the share.
    if (form.personIsCash && sent.cash === null) continue
    const read = readAs(sent, form)
    if (!settlementFault(read)) return read
  }
  return usual
}
