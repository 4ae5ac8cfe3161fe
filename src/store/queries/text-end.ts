/**
 * The end of a text in SQL, by which an index sorts it. A national message id ends with its time (14) and its serial (4)
 * [F]: sorted by these the messages of one moment stand together, and not each on a page of its own of hundreds of
 * institutions. In a file of its own: the schema needs it, and the thread of the index does without drizzle.
 */
export const endOf = (text: string) => `substr(${text}, -18)`
