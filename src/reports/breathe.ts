/** Long reports give others their turn: bills at a counter do not wait for a report. */

/** Resolves after whatever else is waiting has had its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
