/** 1301 to 1327, 1306A: the tables of the country as files, each in versions; what was asked for is fetched by 9102. */
import type { Readable } from 'node:stream'
import type { Codebook } from '../extension/codebook.ts'
import { type Page, pageAfter, tableVersions, type Versions } from '../extension/download-tables.ts'
import { type Download, shippedDownloads } from '../extension/downloads.ts'
import { zipOf } from '../text-zip.ts'
import { sectionOf, textOf } from './fields.ts'
import { downloadFile, keepMade } from './files.ts'
import type { Handler, Province } from './province.ts'

/** Contents of a file as stored: the transaction and the previous version. */
type Made = readonly [number: string, after: string]

/** Makes the handlers, by transaction. */
export function downloadHandlers(codebooks: readonly Codebook[]): Readonly<Record<string, Handler>> {
  const downloads = shippedDownloads()
  const known = new Map<string, Versions>()

  function pageOf(number: string, after: string): Page {
    const download = downloads[number]!
    const versions = known.get(number) ?? tableVersions(download, bookOf(codebooks, download))
    known.set(number, versions)
    return pageAfter(download, versions, after)
  }

  function ask(number: string): Handler {
    return (province, message) => {
      const after = textOf(sectionOf(message, 'data'), 'ver')
      const { version, rows } = pageOf(number, after)
      const made: Made = [number, after]
      const kept = keepMade(province, `${number}_${version}.txt.zip`, JSON.stringify(made))
      // Both spellings are met. [F]
      return { ...kept, dld_end_time: kept.dld_endtime, data_cnt: rows }
    }
  }

  function make(_province: Province, made: string): Readable {
    const [number, after] = JSON.parse(made) as Made
    const page = pageOf(number, after)
    return zipOf(`${number}_${page.version}.txt`, page.lines())
  }

  return {
    ...Object.fromEntries(Object.keys(downloads).map((number) => [number, ask(number)])),
    '9102': downloadFile(make),
  }
}

function bookOf(codebooks: readonly Codebook[], { standard }: Download): Codebook | undefined {
  return codebooks.find(({ id }) => id === standard)
}
