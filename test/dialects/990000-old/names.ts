/** What the invented old interface calls things: numbers of transactions, names of fields, amounts in fen. */

/** Its numbers by the national ones. */
const NUMBERS: Readonly<Record<string, string>> = {
  '1101': 'RY01',
  '2001': 'DY01',
  '2201': 'MZ01',
  '2202': 'MZ02',
  '2203': 'MZ03',
  '2204': 'MZ04',
  '2205': 'MZ05',
  '2206': 'MZ06',
  '2207': 'MZ07',
  '2208': 'MZ08',
  '2301': 'ZY11',
  '2302': 'ZY12',
  '2303': 'ZY13',
  '2304': 'ZY14',
  '2305': 'ZY15',
  '2401': 'ZY01',
  '2402': 'ZY02',
  '2403': 'ZY03',
  '2404': 'ZY04',
  '2405': 'ZY05',
  '2501': 'BA01',
  '2601': 'CZ01',
  '5201': 'CX01',
  '5202': 'CX02',
  '5203': 'CX03',
  '9001': 'QD01',
  '9002': 'QT01',
}

/** Names of its own; every other field has its national name in capitals, without underscores. */
const NAMES: Readonly<Record<string, string>> = {
  psn_no: 'GRBH',
  psn_name: 'XM',
  mdtrt_id: 'JZLSH',
  setl_id: 'JSLSH',
  medfee_sumamt: 'ZFY',
  fund_pay_sumamt: 'JJZF',
  psn_cash_pay: 'XJZF',
  acct_pay: 'ZHZF',
  med_type: 'YLLB',
  feedetail: 'FYMX',
  diseinfo: 'ZDXX',
  infno: 'JYBH',
  msgid: 'JYLSH',
  omsgid: 'YJYLSH',
  oinfno: 'YJYBH',
  infcode: 'FHZ',
  err_msg: 'FHXX',
  fixmedins_code: 'YYBH',
}

const NUMBERS_BACK = new Map(Object.entries(NUMBERS).map(([national, own]) => [own, national]))
/** Fills as names are written: what was never written cannot be read by this invented place. */
const written = new Map(Object.entries(NAMES).map(([national, own]) => [own, national]))

/** Its name of a national field. */
export function ownName(national: string): string {
  const own = NAMES[national] ?? national.toUpperCase().replaceAll('_', '.')
  written.set(own, national)
  return own
}

/** The national name of one of its fields. */
export function nationalName(own: string): string {
  return written.get(own) ?? own.toLowerCase().replaceAll('.', '_')
}

/** Its number of a transaction. */
export const ownNumber = (national: string): string => NUMBERS[national] ?? national

/** The national number of one of its transactions; undefined if it has none of that number. */
export const nationalNumber = (own: string): string | undefined => NUMBERS_BACK.get(own)

/** Fields that hold numbers of transactions. */
export const NUMBER_FIELDS: ReadonlySet<string> = new Set(['infno', 'oinfno'])

/** Whether a field is an amount, which it writes in whole fen: `12.50` is `1250`. */
export const isAmount = (national: string): boolean =>
  /(?:sumamt|_amt|_payamt|_pay|_cash_pay)$/.test(national)
