/** The rows of a catalogue: head of a transaction, nodes and fields, value sets, regional differences. */
import type { Lane } from '../domain/lane.ts'
import type { OperationKind } from './dialect.ts'
import type { FoundBy } from './found-by.ts'

/** Type of a field; text by default; `rows` is a list whose rows no source describes. */
export type FieldType = 'text' | 'decimal' | 'whole' | 'day' | 'time' | 'flag' | 'rows'

/** One field of a node. */
export interface CatalogueField {
  /** National name, spelt as in the specification. */
  readonly name: string
  /** Chinese name. */
  readonly zh: string
  readonly type?: FieldType
  /** Maximum characters; for a number, digits. Absent: no source says. */
  readonly width?: number
  /** Decimal places. */
  readonly places?: number
  /** Name of its value set. */
  readonly set?: string
  /** Required. */
  readonly must?: boolean
  /** Required under a condition that no source states in terms of fields. */
  readonly may?: 'if'
  /** Required if these fields of its node have these values. */
  readonly when?: Readonly<Record<string, string>>
  /** Spelling used in a province. */
  readonly spelt?: string
  /** Base64 of JSON text or of a file. */
  readonly base64?: 'json' | 'file'
  /** Names in the JSON text that it contains. */
  readonly holds?: readonly string[]
  /** Rules for some of these names if the person is insured elsewhere. */
  readonly marks?: readonly MarkRule[]
}

/** Required value of a mark if other fields of its node, or other marks, have these values. */
export interface MarkRule {
  readonly mark: string
  readonly zh: string
  readonly values: readonly string[]
  readonly when: Readonly<Record<string, string>>
}

/** One node of an input or output. */
export interface CatalogueNode {
  /** Its path: empty for the input itself, `data`, `selinfoDetail.drugtracinfo`. */
  readonly at: string
  readonly zh?: string
  /** A list of rows. */
  readonly many?: boolean
  /** A list that some senders replace by its only row. */
  readonly one?: boolean
  readonly must?: boolean
  /** At least one of these fields is required. */
  readonly any?: readonly string[]
  readonly fields: readonly CatalogueField[]
}

/** How to read the second level of a result: an envelope that reports success while its output reports failure. */
export interface ResultForm {
  /** The node with the result of the whole message. */
  readonly at?: string
  /** The list with results for single rows of the message. */
  readonly rows?: string
  readonly field: string
  /** Values that mean failure. */
  readonly no: readonly string[]
  /** Values that mean unfinished: one leg was done and another not, or all is still in progress. */
  readonly half?: readonly string[]
  /**
   * The only values that mean success; an unlisted value then means unfinished. Absent: every other value is success.
   */
  readonly yes?: readonly string[]
  /** A failure here is conclusive: nothing was done, whatever the rest of the answer says. */
  readonly final?: true
  /** Text for a value, if the answer has no field for the reason. */
  readonly words?: Readonly<Record<string, string>>
  /** The field with the reason. */
  readonly text?: string
  /** The list in the request that the rows refer to, and the fields that identify a row. */
  readonly of?: string
  readonly key?: readonly string[]
  /** Only refused rows are listed; otherwise all rows are, in the order of the request. */
  readonly listed?: 'refused'
  /** Provinces where this form applies. A province that no form names may use any of them. */
  readonly places?: readonly string[]
}

/** Amounts of a node that must add up: a total, and its parts in the same node or in the rows of a list below it. */
export interface SumForm {
  readonly at: string
  readonly total: string
  /** Fields of the same node, or the field of each row. */
  readonly parts: readonly string[]
  /** The list whose rows have the parts. Absent: they are fields of the same node. */
  readonly rows?: string
  /** The total is the amount of the message and always required. */
  readonly must?: true
}

/** Where to find the amounts of a settlement paid as an order. */
export interface AmountsForm {
  /** Which message contains them: the answer to a settlement, or the refund itself, with the sign reversed. */
  readonly in: 'answer' | 'message'
  readonly at: string
  /** The order, which is the settlement's id. */
  readonly id: string
  readonly total: string
  readonly fund: string
  readonly account: string
  readonly cash: string
}

/** Which part of an order a refund returns. */
export interface PartForm {
  /** Its path in the message. */
  readonly field: string
  /** The value for the whole order. */
  readonly whole: string
  /** Values for parts that may be refunded in several steps. */
  readonly pieces: readonly string[]
}

/** What uploads the bill of who has paid all, or takes it back. */
export interface SelfPaidForm {
  /** The place of its visit. */
  readonly visit: string
  /** The place that says whether it stands, and the values that take it back. */
  readonly mark: string
  readonly back: readonly string[]
  /** Where the settlement that failed before it is told, if the sender has left it empty. */
  readonly memo: string
}

/** Properties of a transaction that are known before its fields are loaded. */
export interface CatalogueHead {
  /** National number `infno`. */
  readonly number: string
  /** Our own unique name. */
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly group: string
  readonly kind: OperationKind
  /** Sender; absent: the institution. */
  readonly from?: 'platform'
  /** From a platform: the place of the order that it tells of (`data.payOrdId`). Absent: the gateway does not take it. */
  readonly tells?: string
  /** Other numbers used regionally. */
  readonly also?: readonly string[]
  /** URL path in the style with one path per transaction; absent if none was seen. */
  readonly path?: string
  /** The transaction that undoes it. */
  readonly undo?: string
  /** For a reversal: the transactions that it undoes. */
  readonly undoes?: readonly string[]
  /** A reversal undoes it if its answer was lost. */
  readonly reversible?: true
  /** May be repeated unchanged, since repeating it has no effect. */
  readonly again?: true
  /** Queries that reveal its outcome if its answer was lost, in order. */
  readonly found?: readonly FoundBy[]
  /** Another edition of this transaction, read the same way. */
  readonly like?: string
  /** A province has rules for its marks (`marks` of a field). */
  readonly marks?: true
  /** Its answer contains the amounts of a settlement. */
  readonly money?: true
  /** The node of its answer that opens an encounter. */
  readonly opens?: string
  /** The single id of visit and settlement, in place of `mdtrt_id` and `setl_id`. */
  readonly known?: string
  /** Success creates an order that the person pays later by phone; until payment is seen, no money has moved. */
  readonly paidLater?: true
  /** Its lane, whatever the medical category. */
  readonly lane?: Lane
  /** Provinces that no longer use it. */
  readonly withdrawn?: readonly string[]
  /** Amounts of the input that must add up. */
  readonly sums?: readonly SumForm[]
  /** Where to find its amounts if `money` does not apply: an order of mobile payment. */
  readonly amounts?: AmountsForm
  readonly part?: PartForm
  /** Path in its answer of the order it opens, whose id a later message uses to pay. */
  readonly order?: string
  /** Fields that refer to someone's property, in addition to those common to all transactions. */
  readonly names?: Readonly<Record<string, 'settlement' | 'institution'>>
  /** Its rows may belong to several visits and persons. */
  readonly several?: true
  /**
   * Its rows identify packages by their trace codes: while its outcome is unknown, no other message of the
   * institution may sell or return one.
   */
  readonly boxes?: true
  /** May refer to institutions other than its sender. */
  readonly others?: true
  /** What stands in place of an answer envelope: a file for a successful answer; `bare` — `{code,type,message,data}`, yes or no. */
  readonly answers?: 'file' | 'bare'
  readonly selfPaid?: SelfPaidForm
  /** For a query: the transactions whose rows it returns. */
  readonly reads?: readonly string[]
  readonly results?: readonly ResultForm[]
  readonly edition: string
  /** Provinces whose specification requires the `must` fields; elsewhere the platform decides. Absent: everywhere. */
  readonly asks?: readonly string[]
  readonly places?: readonly { readonly place: string; readonly undoes?: readonly string[] }[]
  /** Grade of the source: `F` read in it, `K` known, `A` assumed. */
  readonly grade: 'F' | 'K' | 'A'
  readonly sources: readonly string[]
}

/** The nodes of a transaction. */
export interface CatalogueNodes {
  readonly input: readonly CatalogueNode[]
  readonly output: readonly CatalogueNode[]
}

/** A regional difference: named fields change the given properties, others are added. */
export interface PlaceRow {
  /** First two digits of the place of treatment. */
  readonly place: string
  readonly edition: string
  readonly source: string
  readonly input?: readonly PlaceNode[]
  readonly output?: readonly PlaceNode[]
}

/** A node of a regional difference. */
export type PlaceNode = Omit<CatalogueNode, 'fields'> & { readonly fields: readonly PlaceField[] }
/** A field of a regional difference. */
export type PlaceField = Partial<CatalogueField> & Pick<CatalogueField, 'name'>

/** A transaction's fields as stored in the file. */
export interface CatalogueEntry extends CatalogueNodes {
  readonly places?: readonly PlaceRow[]
}

/** A field that contains a code of a standard. */
export interface CodeField {
  /** Id of its codebook, or `item` for any that a fee line may carry. */
  readonly standard: string
  readonly others?: readonly string[]
  /** Sibling field with the name of the code. */
  readonly name?: string
  /** Sibling field whose value selects another standard. */
  readonly by?: string
  readonly or?: Readonly<Record<string, string>>
  /** Sibling fields with the institution's own code, so that this field holds only national codes. */
  readonly own?: readonly string[]
}

/** A value set. */
export interface ValueSet {
  readonly zh: string
  /** Only these values are valid; otherwise areas have further ones. */
  readonly closed: boolean
  readonly grade: 'F' | 'K' | 'A'
  readonly codes: Readonly<Record<string, string>>
  /** Regional additions and names. A set without codes of its own is known only regionally. */
  readonly places?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** REST addresses of the transactions (`rest.json`). Messages sent by a platform have none. */
export interface RestAddresses {
  /** Chinese names of the lanes by the first part of their addresses, in display order: `stock`. */
  readonly lanes: Readonly<Record<string, string>>
  /** Paths by number: `/v1/stock/sales`. Several numbers share a path only if it has a hand-written route. */
  readonly addresses: Readonly<Record<string, string>>
}
