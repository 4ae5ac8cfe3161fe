/** Explains failures of the store to the operator. */

const WORDS: readonly (readonly [code: RegExp, words: string])[] = [
  [/^SQLITE_NOTADB/, 'is not an SQLite file'],
  [/^SQLITE_CORRUPT/, 'is damaged or cut short'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'cannot grow: the disk is full'],
  [/^(SQLITE_IOERR|EIO)/, 'cannot be read or written: the disk reports an error'],
  [/^SQLITE_(BUSY|LOCKED)/, 'is locked by another process'],
  [/^(SQLITE_READONLY|EROFS)/, 'may only be read'],
  [/^(SQLITE_(CANTOPEN|PERM|AUTH)|EACCES|EPERM)/, 'cannot be opened'],
]

/**
 * One plain sentence for a failure of SQLite or the file system; for any other error its own message.
 *
 * @param cause the error
 * @param file the file concerned
 */
export function storeFailure(cause: unknown, file: string): string {
  const { code = '', message = String(cause) } = (cause ?? {}) as { code?: string; message?: string }
  const words = WORDS.find(([pattern]) => pattern.test(code))?.[1]
  return words ? `${file} ${words} (${code}: ${message})` : message
}
