/** Catalogue downloads that the gateway answers from its own code tables, in the form of a platform. */

/** A page of a table: what came after a version. */
export interface ShelfPage {
  /** Transaction of the download, a key of `downloads.json`. */
  readonly download: string
  /** The version that the client has. */
  readonly after: string
}

/** What of the tables a message asks for. */
export type ShelfAsked =
  | {
      readonly is: 'page'
      readonly page: ShelfPage
      /** The answer. @param until Shanghai time until when its file may be fetched */
      output(
        made: { readonly version: string; readonly rows: number },
        until: string,
      ): Record<string, unknown>
    }
  | { readonly is: 'file'; readonly page: ShelfPage }
