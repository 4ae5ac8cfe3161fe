/** The stock of a day: a hospital and a pharmacy tell sales by the codes on boxes, one of which was sold before, and a return. */
import { saleRow } from '../client/goods.ts'
import { type Hospital, openHospital } from '../client/hospital.ts'
import type { Fields, MessageSender } from '../client/message.ts'
import { type Instant, shanghaiTime } from '../domain/day.ts'

/** Who tells: invented institutions of the register, at home, since stock goes to the place of treatment. */
const SENDERS: readonly MessageSender[] = [
  { code: 'H43090290001', name: '益阳市资江医院（虚构）', area: '430902' },
  { code: 'P43090390001', name: '益阳赫山益民大药房（虚构）', area: '430903' },
].map(({ code, name, area }) => ({ institution: code, name, treatmentArea: area, insuredArea: area }))

/** Lists that each of them tells, of three boxes a list. */
const LISTS = 4

/** What they were told, and what the book of the province says of the same boxes. */
export interface GoodsDay {
  readonly sold: number
  readonly refusedRows: number
  readonly returned: number
  /** Boxes that were told as sold and do not stand, and those that stand sold otherwise than told. */
  readonly lost: number
  readonly doubled: number
  /** Messages whose outcome was not heard. */
  readonly unknown: number
}

/** What the boxes of one institution came to. */
interface Told {
  /** Boxes that were used, and those that the answers leave sold. */
  readonly boxes: string[]
  readonly sold: Set<string>
  refusedRows: number
  returned: number
  unknown: number
}

async function tell(
  hospital: Hospital,
  sender: MessageSender,
  told: Told,
  infno: string,
  rows: readonly Fields[],
) {
  const heard = await hospital.send(sender, infno, { selinfoDetail: rows })
  if (heard.is === 'unknown') told.unknown += 1
  if (heard.is !== 'yes') return null
  const node = infno === '3505A' ? 'selinfoDetail' : 'selinfoErrDetail'
  return (heard.output[node] ?? []) as readonly Fields[]
}

/** The code on a box, of 20 digits: no two of a day are alike, also where two institutions begin in one millisecond. */
export function boxCode(place: number, now: Instant, list: number, serial: number): string {
  return `8${String(place).padStart(4, '0')}${now}${list}${serial}`
}

/** One list with a box that was sold by the list before it; then one of its boxes comes back. */
async function sell(hospital: Hospital, sender: MessageSender, told: Told, list: number): Promise<void> {
  const now = Date.now() as Instant
  const visit = `XS${now}${list}`
  const of = { item: 'Y0001', batch: `DEMO${list}`, at: shanghaiTime(now), visit }
  const box = (serial: number) => boxCode(SENDERS.indexOf(sender), now, list, serial)
  const fresh = [box(1), box(2)]
  const before = [...told.sold][0]
  const codes = before ? [...fresh, before] : fresh
  told.boxes.push(...fresh)
  const rows = await tell(
    hospital,
    sender,
    told,
    '3505A',
    codes.map((code) => saleRow({ ...of, codes: [code] })),
  )
  if (rows === null) return
  rows.forEach(({ retRslt }, index) => {
    if (String(retRslt) === '1') told.sold.add(codes[index]!)
    else told.refusedRows += 1
  })
  const back = fresh[0]!
  const refused = await tell(hospital, sender, told, '3506A', [saleRow({ ...of, codes: [back] })])
  if (refused?.length !== 0) return
  told.sold.delete(back)
  told.returned += 1
}

/**
 * Plays it while the platforms fail as they do on that day.
 *
 * @param book where the province of both shows its book
 */
export async function playGoods(gateway: string, book: string): Promise<GoodsDay> {
  const days = await Promise.all(
    SENDERS.map(async (sender) => {
      const told: Told = { boxes: [], sold: new Set(), refusedRows: 0, returned: 0, unknown: 0 }
      const hospital = openHospital(gateway)
      for (let list = 0; list < LISTS; list += 1) await sell(hospital, sender, told, list)
      await hospital.close()
      return told
    }),
  )
  const page = (await (await fetch(new URL('/book', book))).json()) as { sold: readonly { code: string }[] }
  const sum = (of: (told: Told) => number) => days.reduce((all, told) => all + of(told), 0)
  const standing = (code: string) => page.sold.filter((row) => row.code === code).length
  return {
    sold: sum(({ sold }) => sold.size),
    refusedRows: sum((told) => told.refusedRows),
    returned: sum((told) => told.returned),
    lost: sum(({ sold }) => [...sold].filter((code) => standing(code) === 0).length),
    doubled: sum(
      ({ boxes, sold }) => boxes.filter((code) => standing(code) > (sold.has(code) ? 1 : 0)).length,
    ),
    unknown: sum((told) => told.unknown),
  }
}

/** Whether it may be called good. */
export function isGoodsSound({ lost, doubled, unknown, sold }: GoodsDay): boolean {
  return lost === 0 && doubled === 0 && unknown === 0 && sold > 0
}
