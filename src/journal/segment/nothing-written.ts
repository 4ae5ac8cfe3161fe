/**
 * A write that failed before its first byte (no descriptor or no room for the next segment): the journal is as it was, so
 * the next write may try again. Whatever may have been written in part is another error, and final.
 */
export class NothingWritten extends Error {
  override readonly name = 'NothingWritten'
}
