/** Stock, sales and trace codes: counted, changed, bought, sold, returned, deleted, and queried. */
import {
  changeRow,
  countRow,
  type GoodsOf,
  goodsQuestion,
  purchaseRow,
  type SaleOf,
  saleRow,
} from '../../client/goods.ts'
import type { Fields } from '../../client/message.ts'
import type { Insured, Place } from '../place.ts'
import type { Answered, Play } from '../play.ts'
import type { Moment } from './lane.ts'

/** A list of sales in one message, since rows may belong to several visits. */
const sales = (...rows: readonly SaleOf[]): Fields => ({ selinfoDetail: rows.map(saleRow) })

/** Refused rows of an answer; rows not listed were accepted. */
function refusedIn({ output }: Answered, node: string): readonly string[] {
  const rows = (output[node] ?? []) as readonly Fields[]
  return rows.filter(({ retRslt }) => String(retRslt) === '0').map((row) => String(row.fixmedins_bchno))
}

/** Number of rows that a query returns. */
async function shows(play: Play, infno: string, what: string, of: GoodsOf): Promise<number> {
  const { heard } = await play.yes(infno, what, goodsQuestion(play.sender.institution, of))
  return Array.isArray(heard.output) ? heard.output.length : 0
}

/** Plays all of it at the institution, independent of the patient's insured place. */
export async function goods(own: Play, place: Place, _: Insured, { number, at }: Moment): Promise<void> {
  const { area } = place.institution
  const play = own.as({ ...own.sender, insuredArea: area })
  const other = play.as({
    ...{ institution: place.other.code, name: place.other.name },
    ...{ treatmentArea: place.other.area, insuredArea: place.other.area },
  })
  let serial = 0
  const code = () => `${number.replaceAll(/\D/g, '')}${String(++serial).padStart(3, '0')}`.padStart(20, '8')
  const of = (batch: string): GoodsOf => ({ item: 'CKY1', batch: `${number}${batch}`, at })
  const sale = (batch: string, ...codes: readonly string[]): SaleOf => ({
    ...of(batch),
    codes,
    visit: number,
  })
  await stock(play, of)
  await codes(play, other, sale, code)
  await virtual(play, sale, of('W'))
}

async function stock(play: Play, of: (batch: string) => GoodsOf): Promise<void> {
  const [a, b] = [of('A'), of('B')]
  const counted = await play.yes('3501', 'a batch is counted', { invinfo: countRow(a, 10) })
  await play.again('3501', 'the same count again has the same answer', counted)
  await play.no(
    '3501',
    'its id with another input is refused',
    { invinfo: countRow(a, 9) },
    {},
    counted.sent.id,
  )
  await play.yes('3501A', 'a list of batches is counted', { invinfoDetail: [countRow(b, 5)] })
  await play.yes('3502', 'a surplus is told', { invinfo: changeRow(a, '103', 1) })
  await play.yes('3502A', 'a gift and a loss are told', {
    invinfoDetail: [changeRow(a, '110', 1), changeRow(b, '104', 1)],
  })
  await play.yes('3503', 'a purchase is told', { purcinfo: purchaseRow(a, 3) })
  await play.yes('3503A', 'a list of purchases is told', { purcinfoDetail: [purchaseRow(b, 2)] })
  await play.yes('3504', 'a return to the supplier is told', { purcinfo: purchaseRow(a, 1) })
  await play.no('3504', 'no more goes back than was bought', { purcinfo: purchaseRow(a, 9) })
  const back = { purcinfoDetail: [purchaseRow(b, 1), purchaseRow(of('C'), 1)] }
  const half = await play.yes('3504A', 'of a list one row is not what was bought', back)
  const refused = refusedIn(half, 'purcinfoErrDetail')
  play.holds(
    '3504A',
    'which alone is refused',
    refused.length === 1 && refused[0] === of('C').batch,
    `${refused}`,
  )
  await play.again('3504A', 'and the same list again is answered alike', half)
  for (const [infno, least] of [
    ['3508', 1],
    ['3509', 2],
    ['3510', 2],
  ] as const) {
    const rows = await shows(play, infno, 'shows what was told of the batch', a)
    play.holds(infno, 'each row of it', rows >= least, `${rows}`)
  }
  await shows(play, '3512', 'shows the codes that came', a)
}

async function codes(
  play: Play,
  other: Play,
  sale: (batch: string, ...codes: readonly string[]) => SaleOf,
  code: () => string,
): Promise<void> {
  const [one, two, three, four] = [code(), code(), code(), code()] as const
  await play.yes('3505', 'a box is sold', { selinfo: saleRow(sale('S', one)) })
  await play.no('3505', 'a code that was sold is not sold again', { selinfo: saleRow(sale('S', one)) })
  const half = await play.yes('3505A', 'of a list one code was sold', sales(sale('T', two), sale('U', one)))
  const refused = refusedIn(half, 'selinfoDetail')
  play.holds(
    '3505A',
    'whose row alone is refused',
    refused.length === 1 && refused[0] === sale('U').batch,
    `${refused}`,
  )
  await play.again('3505A', 'and the same list again is answered alike', half)
  await play.no('3505A', 'of which nothing is taken is refused', sales(sale('T', one), sale('U', two)))
  const selfPaid = { ...saleRow(sale('V', three)), setl_id: 'CKS1' }
  await play.no('3505A', 'a self-paid sale names no settlement', { selinfoDetail: [selfPaid] })
  const found = await shows(play, '3511', 'shows the sale', sale('S'))
  play.holds('3511', 'once', found === 1, `${found}`)
  const sold = await shows(play, '3513', 'shows its code', sale('S'))
  play.holds('3513', 'once', sold === 1, `${sold}`)
  await other.no('3511', 'nobody asks for the sales of another institution', {
    ...goodsQuestion(play.sender.institution, sale('S')),
  })
  await play.no('3506', 'what was not sold does not come back', { selinfo: saleRow(sale('S', three)) })
  await other.no('3506', 'nor at another institution', { selinfo: saleRow(sale('S', one)) })
  await play.yes('3506', 'the box comes back', { selinfo: saleRow(sale('S', one)) })
  await play.no('3506', 'and no second time', { selinfo: saleRow(sale('S', one)) })
  const left = await shows(play, '3513', 'shows no code that came back', sale('S'))
  play.holds('3513', 'none', left === 0, `${left}`)
  await play.yes('3505', 'it is sold again', { selinfo: saleRow(sale('S', one)) })
  const returned = await play.yes(
    '3506A',
    'of a list one was not sold',
    sales(sale('T', two), sale('U', three)),
  )
  const wrong = refusedIn(returned, 'selinfoErrDetail')
  play.holds(
    '3506A',
    'which alone is refused',
    wrong.length === 1 && wrong[0] === sale('U').batch,
    `${wrong}`,
  )
  const gone = (batch: string) => ({ fixmedins_bchno: sale(batch).batch, inv_data_type: '4' })
  await play.yes('3507', 'the sales of a batch are deleted', { data: gone('S') })
  await play.no('3507', 'what is deleted is not there', { data: gone('S') })
  await play.yes('3505', 'their codes may be sold again', { selinfo: saleRow(sale('X', one, four)) })
  await play.yes('3507A', 'of a list one batch is not there', { goodDetail: [gone('X'), gone('Z')] })
}

async function virtual(
  play: Play,
  sale: (batch: string, ...codes: readonly string[]) => SaleOf,
  { item, batch }: GoodsOf,
): Promise<void> {
  const data = {
    ...{ med_list_codg: 'NMLC999', fixmedins_hilist_id: item, fixmedins_hilist_name: '药品（虚构）' },
    fixmedins_bchno: batch,
  }
  const given = await play.yes('3592B', 'a code is given for what has none', { data })
  await play.again('3592B', 'the same message again is given the same', given)
  const code = String((given.output.result as Fields | undefined)?.drug_trac_codg ?? '')
  play.holds('3592B', 'a code that sales take', code !== '' && code.length <= 500, code)
  await play.yes('3505', 'it is sold', { selinfo: saleRow(sale('W', code)) })
  await play.no('3505', 'once', { selinfo: saleRow(sale('W', code)) })
}
