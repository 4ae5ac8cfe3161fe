/** The national tables as files: requested, fetched and imported; and increments after the last version. */
import { shippedDownloads } from '../../extension/downloads.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { roundTrip } from '../round-trip.ts'

/** Magic bytes of a ZIP file. */
const ZIP = Buffer.from('PK')

/** Initial version. [F: T] */
const FIRST = 'v0000'

/**
 * Every download. Files are at the platform of the place of treatment, so this is played only for its own insured.
 */
export async function downloads(play: Play, place: Place, patient: Insured): Promise<void> {
  const { area, code } = place.institution
  if (patient.insuredArea.slice(0, 4) !== area.slice(0, 4)) return
  for (const number of Object.keys(shippedDownloads())) await download(play, number, code)
  const missing = { file_qury_no: 'F0', filename: 'plc', fixmedins_code: code }
  await play.no('9102', 'a file that is not there is refused', { fsDownloadIn: missing })
}

async function download(play: Play, number: string, institution: string): Promise<void> {
  const { output } = await play.yes(number, 'names a file from the first version on', {
    data: { ver: FIRST },
  })
  const { file_qury_no, filename } = output
  const rows = Number(output.data_cnt)
  play.holds(number, 'says how many rows it has', Number.isInteger(rows) && rows >= 0, `${output.data_cnt}`)
  const told = { file_qury_no, filename, fixmedins_code: institution }
  const { heard } = await play.yes('9102', `gives the file of ${number}`, { fsDownloadIn: told })
  const file = heard.file ?? inText(heard.output)
  play.holds('9102', `the file of ${number} is a ZIP`, file !== null, heard.bytes.slice(0, 200))
  if (file === null) return
  const fault = await roundTrip(number, file, rows)
  play.holds(number, 'its file is taken by the import', fault === null, fault ?? '')
}

/** A file returned as Base64, as over REST; null if the answer has none. */
function inText(output: unknown): Buffer | null {
  const text = (output as { readonly in?: unknown } | null)?.in
  const bytes = Buffer.from(typeof text === 'string' ? text : '', 'base64')
  return bytes.subarray(0, ZIP.length).equals(ZIP) ? bytes : null
}
