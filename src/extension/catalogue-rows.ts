/** What the rows of a catalogue say: the head of a transaction, its nodes and fields, value sets, what a province says otherwise. */
import type { Lane } from '../domain/lane.ts'
import type { OperationKind } from './dialect.ts'
import type { FoundBy } from './found-by.ts'

/** What a field is: text where nothing is said; `rows` is a list whose rows no source describes. */
export type FieldType = 'text' | 'decimal' | 'whole' | 'day' | 'time' | 'flag' | 'rows'

/** One field of a node. */
export interface CatalogueField {
  /** National name, in the spelling of the text. */
  readonly name: string
  /** Chinese name. */
  readonly zh: string
  readonly type?: FieldType
  /** Characters; of a number the digits that it may have. Absent: no source says. */
  readonly width?: number
  /** Digits behind the point. */
  readonly places?: number
  /** Name of its value set. */
  readonly set?: string
  /** It may not be empty. */
  readonly must?: boolean
  /** A condition that no source puts into fields makes it a must. */
  readonly may?: 'if'
  /** It may not be empty if these fields of its node have these values. */
  readonly when?: Readonly<Record<string, string>>
  /** How a place spells it. */
  readonly spelt?: string
  /** It is Base64: of JSON text, or of a file. */
  readonly base64?: 'json' | 'file'
  /** Names in the JSON text that it holds. */
  readonly holds?: readonly string[]
  /** What some of them must be, of a person from elsewhere. */
  readonly marks?: readonly MarkRule[]
}

/** What a mark must be where other fields of its node, or other marks, have these values. */
export interface MarkRule {
  readonly mark: string
  readonly zh: string
  readonly values: readonly string[]
  readonly when: Readonly<Record<string, string>>
}

/** One node of an input or output. */
export interface CatalogueNode {
  /** Where it stands: empty for the input itself, `data`, `selinfoDetail.drugtracinfo`. */
  readonly at: string
  readonly zh?: string
  /** A list of rows. */
  readonly many?: boolean
  /** A list that some senders write as its only row. */
  readonly one?: boolean
  readonly must?: boolean
  /** At least one of these fields must be there. */
  readonly any?: readonly string[]
  readonly fields: readonly CatalogueField[]
}

/** How the second level of a result is read: a yes of the envelope that says no in its output. */
export interface ResultForm {
  /** The node that speaks of the message as a whole. */
  readonly at?: string
  /** The list whose rows speak of single rows of the message. */
  readonly rows?: string
  readonly field: string
  /** Its values that say no. */
  readonly no: readonly string[]
  /** Its values that say that it has not ended: one leg was done and another not, or all is under way still. */
  readonly half?: readonly string[]
  /** The only values that say yes: any other that is named nowhere is not the end. Absent: whatever is no other is a yes. */
  readonly yes?: readonly string[]
  /** A no of it is a state of its own: surely nothing was done, whatever stands beside it. */
  readonly final?: true
  /** What a value is called, where the answer has no field that says why. */
  readonly words?: Readonly<Record<string, string>>
  /** The field that says why. */
  readonly text?: string
  /** The list of the request whose rows are meant, and the fields by which they are told apart. */
  readonly of?: string
  readonly key?: readonly string[]
  /** Only rows that were refused are listed; else every row is, in the order of the request. */
  readonly listed?: 'refused'
  /** Provinces where it is read so. A province that no form names may answer in any of them. */
  readonly places?: readonly string[]
}

/** Amounts of a node that add up: a total, and its parts in the same node or in the rows of a list below it. */
export interface SumForm {
  readonly at: string
  readonly total: string
  /** Fields beside it, or the field of each row. */
  readonly parts: readonly string[]
  /** The list whose rows have the parts. Absent: they stand beside the total. */
  readonly rows?: string
  /** The total is the money of the message, and may be left out nowhere. */
  readonly must?: true
}

/** Where the money of a settlement stands that is paid as an order. */
export interface AmountsForm {
  /** Which of the two says them: the answer of a settlement, the message of a refund, which turns their sign. */
  readonly in: 'answer' | 'message'
  readonly at: string
  /** The order, which is the settlement's id. */
  readonly id: string
  readonly total: string
  readonly fund: string
  readonly account: string
  readonly cash: string
}

/** What of an order a refund gives back. */
export interface PartForm {
  /** Its place in the message. */
  readonly field: string
  /** The value that means all of it. */
  readonly whole: string
  /** Values of parts that may be given back in pieces. */
  readonly pieces: readonly string[]
}

/** What is known of a transaction before its fields are read. */
export interface CatalogueHead {
  /** National number `infno`. */
  readonly number: string
  /** Our own name, one of each. */
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly group: string
  readonly kind: OperationKind
  /** Who sends it; absent: the institution. */
  readonly from?: 'platform'
  /** Numbers that other places have given it. */
  readonly also?: readonly string[]
  /** Address in the style of one path a transaction; absent if none was seen. */
  readonly path?: string
  /** The transaction that takes it back. */
  readonly undo?: string
  /** Of a reversal: the transactions that it undoes. */
  readonly undoes?: readonly string[]
  /** A reversal undoes it where its answer was lost. */
  readonly reversible?: true
  /** It may be sent again as it is: repeating it changes nothing. */
  readonly again?: true
  /** Questions that show its outcome where its answer was lost, in their order. */
  readonly found?: readonly FoundBy[]
  /** It is another edition of this transaction, and read like it. */
  readonly like?: string
  /** A place says what its marks must be (`marks` of a field). */
  readonly marks?: true
  /** Its answer has the amounts of a settlement. */
  readonly money?: true
  /** The node of its answer that opens an encounter. */
  readonly opens?: string
  /** The one number by which visit and settlement are known, in place of `mdtrt_id` and `setl_id`. */
  readonly known?: string
  /** Its yes is an order that the person pays later, on the phone: until that is seen nothing has moved. */
  readonly paidLater?: true
  /** The lane that it is settled in, whatever the medical category. */
  readonly lane?: Lane
  /** Provinces that have given it up. */
  readonly withdrawn?: readonly string[]
  /** Amounts that must add up, on the way in. */
  readonly sums?: readonly SumForm[]
  /** Where its money stands, which `money` does not read: an order of mobile payment. */
  readonly amounts?: AmountsForm
  readonly part?: PartForm
  /** The place in its answer of the order that it opens, which a later message pays by this id. */
  readonly order?: string
  /** Fields that name what belongs to somebody, besides those that do so everywhere. */
  readonly names?: Readonly<Record<string, 'settlement' | 'institution'>>
  /** Its rows may be of several visits and persons. */
  readonly several?: true
  /** Its rows name boxes by the codes on them: while its outcome is unknown no other message of the institution sells or returns one. */
  readonly boxes?: true
  /** Institutions that it names may be others than its sender. */
  readonly others?: true
  /** A yes of it is a file in the stead of an envelope. */
  readonly answers?: 'file'
  /** Of a query: the transactions whose rows it shows. */
  readonly reads?: readonly string[]
  readonly results?: readonly ResultForm[]
  readonly edition: string
  /** Provinces whose text asks for what `must` marks; elsewhere the platform judges what is missing. Absent: everywhere. */
  readonly asks?: readonly string[]
  readonly places?: readonly { readonly place: string; readonly undoes?: readonly string[] }[]
  /** `F` read in a source, `K` known, `A` assumed. */
  readonly grade: 'F' | 'K' | 'A'
  readonly sources: readonly string[]
}

/** The nodes of a transaction. */
export interface CatalogueNodes {
  readonly input: readonly CatalogueNode[]
  readonly output: readonly CatalogueNode[]
}

/** A change that the text of a province makes: fields that are named change what they say, others are added. */
export interface PlaceRow {
  /** First two digits of the place of treatment. */
  readonly place: string
  readonly edition: string
  readonly source: string
  readonly input?: readonly PlaceNode[]
  readonly output?: readonly PlaceNode[]
}

/** A node of such a change. */
export type PlaceNode = Omit<CatalogueNode, 'fields'> & { readonly fields: readonly PlaceField[] }
/** A field of such a change. */
export type PlaceField = Partial<CatalogueField> & Pick<CatalogueField, 'name'>

/** A transaction's fields as they lie in the file. */
export interface CatalogueEntry extends CatalogueNodes {
  readonly places?: readonly PlaceRow[]
}

/** What a field holds that is a code of a standard. */
export interface CodeField {
  /** Id of its codebook, or `item` for whichever a fee line may carry. */
  readonly standard: string
  readonly others?: readonly string[]
  /** Field beside it that holds the name of the code. */
  readonly name?: string
  /** Field beside it by whose value it is of another standard. */
  readonly by?: string
  readonly or?: Readonly<Record<string, string>>
  /** Fields beside it that hold the institution's own code: it is the field of the national one alone. */
  readonly own?: readonly string[]
}

/** A value set. */
export interface ValueSet {
  readonly zh: string
  /** Only these values are taken; else areas have further ones. */
  readonly closed: boolean
  readonly grade: 'F' | 'K' | 'A'
  readonly codes: Readonly<Record<string, string>>
  /** What provinces add or name otherwise. A set without codes of its own is known there alone. */
  readonly places?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Where the transactions are asked over REST (`rest.json`). Of what a platform sends there is no address. */
export interface RestAddresses {
  /** Chinese names of the lanes by the first part of their addresses, in the order in which they are shown: `stock`. */
  readonly lanes: Readonly<Record<string, string>>
  /** Paths by number: `/v1/stock/sales`. Several stand at one path only where a route was written for them by hand. */
  readonly addresses: Readonly<Record<string, string>>
}
