/**
 * SQL for the suffix by which texts are indexed. A national message id ends with its time (14) and serial (4) [F]:
 * indexed by these, messages of one moment share index pages instead of being spread over a page per institution. A
 * separate file, because the schema needs it and the index thread does without drizzle.
 */
export const endOf = (text: string) => `substr(${text}, -18)`
