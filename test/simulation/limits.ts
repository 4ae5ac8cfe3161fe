/** How long the counterpart of a settlement and of a question may take in a run, in milliseconds. */

/** Of a settlement. */
export const DEADLINE_MS = 8_000
/** Of a question. */
export const QUERY_DEADLINE_MS = 5_000
