/**
 * Whose is what a message names, and to which place it belongs. Everything that a dialect lists (visit, person, batch,
 * settlement, institution, from the head and from every row) and the message that a reversal undoes are judged here, once,
 * before anything leaves. What the journal does not know is left to the platform.
 */
import { GatewayError, type ProblemCode } from '../domain/problems.ts'
import type { Message, Named } from '../extension/dialect.ts'
import type { Reply } from '../extension/reply.ts'
import { type ExchangeEntry, type ExchangeState, isSamePlatform, type Opener } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import type { Caller } from './callers.ts'

/** What the journal is asked about owners. */
export type Owners = Pick<Journal, 'openers' | 'ownOpener' | 'settlers' | 'messages'>

/** A message with the pseudonym of the person that it names first; null where it names none. */
interface Judged {
  readonly message: Message
  readonly person: string | null
}

function refused(code: ProblemCode, field: string, text: string): GatewayError {
  return new GatewayError(code, 'receive', text, { fields: [{ field }] })
}

/** The place in the words of a refusal: told of a row, since there are many. */
function inRow({ field }: Named): string {
  return field.includes('[') ? `${field}：` : ''
}

const OTHER_PLACE =
  '参保地insuplc_admdvs与登记或结算时的参保地不在同一省，未发出，未发生费用，请按原参保地办理'

/**
 * Judges all that a message names. What it reads has become so before the message came, and stays: a visit, a settlement and
 * a message have the owner that they have. So it matters not that others write before the message begins.
 *
 * @param person pseudonym of the person that it names first
 * @throws {GatewayError} foreign-institution where it is another institution's; invalid-field where it is of another
 *   person, visit or place, or rows of one message name several
 */
export function judgeOwners(owners: Owners, message: Message, person: string | null): MaybePromise<void> {
  // Of several visits each is its own person's: which row says whose is not compared.
  return judgeFrom(owners, { message, person: message.operation.ofSeveral ? null : person }, 0)
}

/** Goes on with what is named at a place, once what is named before it was judged. */
function judgeFrom(owners: Owners, judged: Judged, from: number): MaybePromise<void> {
  const { named, operation } = judged.message
  for (let at = from; at < named.length; at += 1) {
    const judging = judgeNamed(owners, judged, named[at]!)
    if (judging) return judging.then(() => judgeFrom(owners, judged, at + 1))
  }
  if (!operation.ofSeveral) refuseMixed(named)
  return judgeOriginal(owners, judged)
}

function judgeNamed(owners: Owners, judged: Judged, named: Named): MaybePromise<void> {
  if (named.what === 'institution') return judgeInstitution(judged.message, named)
  if (named.what === 'encounter') return judgeEncounter(owners, judged, named)
  if (named.what === 'settlement') return judgeSettlement(owners, judged, named)
}

function judgeInstitution({ institution }: Message, named: Named): void {
  if (named.value === institution) return
  const text = `${named.field}与报文头的定点医药机构编号fixmedins_code不一致，未发出`
  throw refused('foreign-institution', named.field, text)
}

/**
 * An encounter of somebody else is refused also where the message says another insured place than its opening: the
 * platform of the place of treatment may look at the id alone. [A]
 */
function judgeEncounter(owners: Owners, { message, person }: Judged, named: Named): MaybePromise<void> {
  return followed(owners.ownOpener(named.value, message.institution, message.insuredArea), (own) =>
    own
      ? judgePerson(message, person, own.person, `${named.field}所指的就诊`)
      : judgeOpeners(owners, message, named),
  )
}

function judgeOpeners(owners: Owners, { institution }: Message, named: Named): MaybePromise<void> {
  return followed(owners.openers(named.value), (others) => judgeOthers(others, institution, named))
}

function judgeOthers(others: readonly Opener[], institution: string, named: Named): void {
  if (others.some((one) => one.institution === institution))
    throw refused('invalid-field', 'insuplc_admdvs', `${inRow(named)}${OTHER_PLACE}`)
  if (others.length > 0) {
    const text = `${inRow(named)}该就诊不是本机构登记的，不能由本机构办理`
    throw refused('foreign-institution', named.field, text)
  }
}

function judgePerson(message: Message, person: string | null, owner: string | null, whose: string): void {
  if (person === null || owner === null || person === owner) return
  const field = message.named.find(({ what }) => what === 'person')?.field ?? 'psn_no'
  throw refused('invalid-field', field, `${field}与${whose}的人员不一致，未发出，未发生费用`)
}

function judgeSettlement(owners: Owners, judged: Judged, named: Named): MaybePromise<void> {
  return followed(owners.settlers(named.value), (settlers) => judgeSettlers(owners, settlers, judged, named))
}

function judgeSettlers(
  owners: Owners,
  settlers: readonly ExchangeState[],
  { message, person }: Judged,
  named: Named,
): MaybePromise<void> {
  const { institution, insuredArea, subject } = message
  const all = settlers.map(({ exchange }) => exchange)
  if (all.length === 0) return
  const own = all.filter((one) => one.institution === institution)
  if (own.length === 0)
    throw refused('foreign-institution', named.field, '该结算不是本机构办理的，不能由本机构查询或撤销')
  const here = own.find((one) => isSamePlatform(one.insuredArea, insuredArea))
  if (!here) throw refused('invalid-field', 'insuplc_admdvs', OTHER_PLACE)
  return followed(subject.encounter ? isIn(owners, here, subject.encounter) : true, (isOfVisit) => {
    if (!isOfVisit) {
      const text = `${named.field}所指的结算不属于所填就诊ID的就诊，未发出，未发生费用`
      throw refused('invalid-field', named.field, text)
    }
    judgePerson(message, person, here.person, `${named.field}所指的结算`)
  })
}

/** Whether a settlement is of an encounter. What opened its own did not name it: then only what another message opened is another. */
function isIn(
  owners: Owners,
  { id, encounter, institution, insuredArea }: ExchangeEntry,
  named: string,
): MaybePromise<boolean> {
  if (encounter !== null) return encounter === named
  return followed(
    owners.ownOpener(named, institution!, insuredArea!),
    (opener) => opener === null || opener.exchange === id,
  )
}

const WORDS: Partial<Record<Named['what'], string>> = {
  encounter: '一个就诊',
  person: '一个人员',
  batch: '一个收费批次',
}

/**
 * Rows of several visits, persons or batches are refused and not split up: what undoes a message (2205 of a batch, 2302 of
 * a visit, 2601 of the message) then always undoes all of it, and a platform that does one row and not the other leaves no
 * half-known outcome.
 */
function refuseMixed(named: readonly Named[]): void {
  const first = new Map<Named['what'], Named>()
  for (const one of named) {
    const words = WORDS[one.what]
    const before = first.get(one.what)
    if (!before) first.set(one.what, one)
    else if (words && before.value !== one.value) {
      const text = `${one.field}与${before.field}不一致：一份报文只能涉及${words}，未发出，请分开报送`
      throw refused('invalid-field', one.field, text)
    }
  }
}

/** A reversal goes where its message went and is about the same person, or it would undo nothing and be told it had. */
function judgeOriginal(owners: Owners, judged: Judged): MaybePromise<void> {
  const { original } = judged.message.subject
  if (!original) return
  return followed(owners.messages(original.id), (messages) =>
    judgeMessages(messages, judged, original.transaction),
  )
}

function judgeMessages(
  all: readonly ExchangeEntry[],
  { message, person }: Judged,
  transaction: string,
): void {
  const { institution, insuredArea, treatmentArea } = message
  if (all.length === 0) return
  const own = all.filter((one) => one.institution === institution)
  if (own.length === 0)
    throw refused('foreign-institution', 'omsgid', '原报文不是本机构发出的，不能由本机构冲正')
  const known = own.find((one) => one.transaction === transaction)
  // A platform that goes by the message id alone would undo the other one.
  if (!known) {
    const text = `oinfno与原报文的交易编号不一致，未冲正，原报文的费用没有变动，请按原报文填写`
    throw refused('invalid-field', 'oinfno', text)
  }
  sameArea('insuplc_admdvs', '参保地', known.insuredArea, insuredArea)
  sameArea('mdtrtarea_admvs', '就医地', known.treatmentArea, treatmentArea)
  judgePerson(message, person, known.person, '原报文')
}

function sameArea(field: string, name: string, original: string | null, given: string): void {
  if (original === null || original === given) return
  const text = `${name}${field}与原报文不一致，未冲正，原报文的费用没有变动，请按原报文填写`
  throw refused('invalid-field', field, text)
}

/**
 * Whether the encounter that an answer opens stands for another person at its platform already. Such an answer is none:
 * which of the two the id means cannot be told from here, and everything that names it would be done to one of them.
 *
 * @param person pseudonym; undefined where it must be nobody's by now, not even the same person's
 */
function standsForAnother(
  owners: Pick<Owners, 'openers'>,
  { insuredArea }: Pick<Message, 'insuredArea'>,
  encounter: string,
  person: string | null | undefined,
): MaybePromise<boolean> {
  return followed(owners.openers(encounter), (openers) =>
    openers.some((one) => isSamePlatform(one.insuredArea, insuredArea) && one.person !== person),
  )
}

/**
 * Whether a yes names what stands under another message: a settlement has an id of its own, and an opening that is
 * answered with the encounter of another person is no usable answer. It becomes unknown, never accepted; recovery looks for
 * the visit by the hospital's own number, takes this id for no evidence either, and ends as for any opening that was looked
 * for in vain: an admission is reversed (2601), a registration taken as not made.
 */
export function standsUnderAnother(
  owners: Pick<Owners, 'openers' | 'settlers'>,
  message: Message,
  person: string | null,
  { settlement, encounter }: Extract<Reply, { verdict: 'yes' }>,
): MaybePromise<boolean> {
  const { operation, insuredArea } = message
  // What opens its visit and settles it is the only message of that visit that does.
  const whose = operation.kind === 'settlement' ? undefined : person
  const isOpened = encounter ? standsForAnother(owners, message, encounter, whose) : false
  return followed(isOpened, (opened) => {
    if (opened || operation.kind !== 'settlement' || !settlement) return opened
    // What opened an order has not settled it.
    return followed(owners.settlers(settlement.id, true), (settlers) =>
      settlers.some(
        ({ exchange }) => exchange.kind !== 'write' && isSamePlatform(exchange.insuredArea, insuredArea),
      ),
    )
  })
}

/** Which of the openers of one id a request means: of the caller's institutions, at the platform that it names. */
export interface Meaning {
  readonly caller: Pick<Caller, 'institutions'>
  /** Absent or null where the request does not say it. */
  readonly insuredArea?: string | null | undefined
}

/** Whether an opener may be the one that a request means. */
export function isMeant(
  { institution, insuredArea: area }: Pick<Opener, 'institution' | 'insuredArea'>,
  { caller: { institutions }, insuredArea }: Meaning,
): boolean {
  return (
    (institutions === 'any' || institutions.has(institution)) &&
    (!insuredArea || isSamePlatform(insuredArea, area))
  )
}

/** The settlement of an institution with this id, at the platform of an insured area; null where it is not known. */
export function ownSettlement(
  owners: Pick<Owners, 'settlers'>,
  { institution, insuredArea }: { readonly institution: string; readonly insuredArea: string },
  settlement: string,
): MaybePromise<ExchangeState | null> {
  const isOwn = ({ exchange }: { readonly exchange: ExchangeEntry }) =>
    exchange.kind === 'settlement' &&
    exchange.institution === institution &&
    isSamePlatform(exchange.insuredArea, insuredArea)
  return followed(owners.settlers(settlement), (settlers) => {
    const own = settlers.filter(isOwn)
    return own.find(({ state }) => state === 'accepted') ?? own[0] ?? null
  })
}
