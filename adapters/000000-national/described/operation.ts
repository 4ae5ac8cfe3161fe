/**
 * The operation of a transaction that is described by the catalogue alone: what comes is checked by its rows, is of those whom
 * it names, and goes on as it came. What a transaction does (`kind`) decides whether its intent is made durable and whether it
 * may be sent again; where no row says how its outcome is found, an unanswered one is a person's.
 */
import type { z } from 'zod'
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { CatalogueHead } from '../../../src/extension/catalogue-rows.ts'
import type { Message, Named, Operation, Subject, Systems } from '../../../src/extension/dialect.ts'
import type { Evidence } from '../../../src/extension/evidence.ts'
import { settlementOf, trialOf } from '../amounts.ts'
import { givenText } from '../claim.ts'
import { encounterOf, reversal } from '../evidence.ts'
import { type CodesOf, createCodeNames } from './codes.ts'
import { questionOf } from './found.ts'
import { isOfRows, listEvidence } from './found-rows.ts'
import { boxesOf, everythingNamed, isNaming, subjectOf } from './named.ts'
import { judgeSums, orderIn, orderOperation, partOf } from './order.ts'
import { purchaseOf, purchaseSubject } from './out-of-area.ts'
import { isRow } from './places.ts'
import { type SecondLevel, secondLevel } from './results.ts'
import { inputSchema } from './schema.ts'
import { remarkedAt, selfPaidIn } from './self-paid.ts'

type Input = Readonly<Record<string, unknown>>

/** An operation that the catalogue describes. */
export interface DescribedOperation extends Operation {
  readonly described: true
  /** Its input as the province of an area has it. */
  inputAt(area: string): z.ZodType
  /** Its codes, where the institution has a map for them. */
  codesIn: CodesOf
  /** What a message of it names. */
  named(input: Input): Named[]
  /** Whether nothing else is read of its input than what it names and its codes. */
  readonly isPlain: boolean
  readonly catalogue: Catalogue
  /** Whether a field of a name is read, wherever it stands. */
  isRead(name: string): boolean
  /** What an output says beside its yes. */
  secondLevel(message: Message, output: unknown): SecondLevel
}

/** Whether an operation is made from the catalogue. */
export function isDescribed(operation: Operation): operation is DescribedOperation {
  return operation.described === true
}

/** The input of an operation where it is asked for. */
export function inputAt(operation: Operation, area: string): z.ZodType {
  return isDescribed(operation) ? operation.inputAt(area) : operation.input
}

/**
 * Addresses of the interface itself, and those of the prescription centre, by which its calls are known whatever their number
 * [F]; those of the payment centre (`/org/local/`) have an envelope of their own.
 */
const OF_THE_INTERFACE = /^\/(?:fsi|epc)\/api\/(\w+\/\w+)$/

const MONEY: readonly string[] = ['settlement', 'cancellation', 'trial']

/** How the outcome is found where the row says it; undefined if none does: then it is a person's. */
function evidenceOf(catalogue: Catalogue, head: CatalogueHead): Evidence | undefined {
  const { kind, again, found, reversible } = head
  if (again) return { resend: true }
  // A cancellation that is reversed would stand again: of that no source says more than the list of numbers. [A]
  const undoing = reversible && kind === 'settlement' ? { undo: reversal } : undefined
  if (!found) return undoing
  const ofRows = found.filter(isOfRows)
  if (ofRows.length > 0) return { list: listEvidence(catalogue, head, ofRows), ...undoing }
  return { questions: found.map((by) => questionOf(by)), ...undoing }
}

/** A field of a bill (medical category, insurance), whichever of its nodes says it. */
function billField(input: Input, field: string): string | undefined {
  for (const node of [input, ...Object.values(input)]) {
    const text = isRow(node) ? givenText(node, field) : undefined
    if (text) return text
  }
  return undefined
}

/** What reads the money out of its answer; nothing where the row knows of none. */
function moneyOf({ kind, money }: CatalogueHead): Pick<Operation, 'settlement'> {
  if (!money || !MONEY.includes(kind)) return {}
  return { settlement: kind === 'trial' ? trialOf : settlementOf }
}

function encounterIn(node: string): Pick<Operation, 'encounter'> {
  return { encounter: (output) => encounterOf((output as Input | null)?.[node]) }
}

/** @param like the operation of another edition of it, which reads its bill */
function subjectIn(
  head: CatalogueHead,
  namedIn: DescribedOperation['named'],
  like: Operation | undefined,
): Operation['subject'] {
  const { kind, several, names, sums, part: partForm, selfPaid } = head
  // What pays an order names it, as what undoes a settlement does.
  const [orderField] = Object.entries(names ?? {}).find(([, what]) => what === 'settlement') ?? []
  const isOrder = orderField !== undefined
  const undoes = kind === 'cancellation' || kind === 'query' || isOrder
  return (input: Record<string, unknown>, systems: Systems): Subject => {
    if (like) return like.subject(input, systems)
    if (sums) judgeSums(sums, input)
    const named = namedIn(input)
    const subject = { ...subjectOf(several ? [] : named, undoes), ...purchaseSubject(head, input) }
    if (isOrder && kind !== 'query' && subject.settlement === undefined)
      throw new RangeError(`${orderField}不能为空，未发出，费用没有变动`)
    const bill = (field: string) => (MONEY.includes(kind) ? billField(input, field) : undefined)
    const [category, insurance] = [bill('med_type'), bill('insutype')]
    const part = partForm && partOf(partForm, input)
    return {
      ...subject,
      ...(category && { category }),
      ...(insurance && { insurance }),
      ...(part && { part }),
      ...(selfPaid && selfPaidIn(selfPaid, input)),
    }
  }
}

/** Makes the operation of a row. @param like the operation that `like` of the row names */
export function describedOperation(
  catalogue: Catalogue,
  head: CatalogueHead,
  codesIn: CodesOf,
  like?: Operation,
): DescribedOperation {
  const { number, name, zh, kind, several, boxes, opens, lane, also, results, answers, selfPaid, tells } =
    head
  const evidence = evidenceOf(catalogue, head)
  const isCode = createCodeNames(catalogue)
  /** Asked twice of each input; those of a list are hundreds. */
  const named = new WeakMap<Input, Named[]>()
  const schemas = new Map<string, z.ZodType>()

  function namedIn(input: Input): Named[] {
    const all = named.get(input) ?? everythingNamed(input, head)
    named.set(input, all)
    return all
  }

  function inputIn(area: string): z.ZodType {
    const province = catalogue.provinceOf(area)
    const schema = schemas.get(province) ?? inputSchema(catalogue, number, province)
    schemas.set(province, schema)
    return schema
  }

  return {
    transaction: number,
    name,
    title: zh,
    kind,
    described: true,
    ...((kind === 'settlement' || kind === 'trial') && { needsLane: true }),
    ...(answers === 'file' && { answersFile: true }),
    ...(answers === 'bare' && { answersBare: true }),
    ...(selfPaid && { remarked: remarkedAt(selfPaid) }),
    ...(several && { ofSeveral: true }),
    ...(boxes && { boxes: ({ named }: Pick<Message, 'named'>) => boxesOf(named) }),
    ...(lane && { lane }),
    ...(tells && { tells: orderIn(tells) }),
    ...(also && { also }),
    path: OF_THE_INTERFACE.exec(head.path ?? '')?.[1] ?? null,
    get input() {
      return inputIn('')
    },
    // What a platform adds to its answers is no reason to take them for none.
    output: null,
    subject: subjectIn(head, namedIn, like),
    ...moneyOf(head),
    ...orderOperation(head),
    ...purchaseOf(head),
    ...(opens && encounterIn(opens)),
    ...(evidence && { evidence }),
    inputAt: inputIn,
    isPlain: !like && !head.known && !head.selfPaid && !head.sums && !head.part && !MONEY.includes(kind),
    catalogue,
    isRead: (field) => isNaming(field, head) || isCode(field),
    codesIn,
    named: namedIn,
    secondLevel: (message, output) =>
      results ? secondLevel(catalogue, results, message, output) : { says: 'yes' },
  }
}
