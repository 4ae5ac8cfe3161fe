/** Files for one test, in a directory that goes with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** A place for files; removed after every test. */
export function temporaryFiles() {
  let directory: string | null = null
  const place = () => {
    directory ??= mkdtempSync(join(tmpdir(), 'zhijie-files-'))
    return directory
  }
  afterEach(() => {
    if (directory) rmSync(directory, { recursive: true, force: true })
    directory = null
  })
  return {
    /** The directory itself. */
    directory: place,
    path: (name: string) => join(place(), name),
    /** Writes a file and tells where. */
    write(name: string, content: string | Uint8Array): string {
      const file = join(place(), name)
      writeFileSync(file, content)
      return file
    },
  }
}
