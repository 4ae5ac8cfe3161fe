/** `npm run report`: the rates, and records from elsewhere. */
import { loadCodes, loadImported } from '../codes/load.ts'
import { readConfig } from '../config.ts'
import { dayOf } from '../domain/day.ts'
import { loadRegistry } from '../extension/registry.ts'
import { createSeal, readKey } from '../journal/seal.ts'
import { systemClock } from '../ports.ts'
import { reportCommand } from '../reports/command.ts'
import { databaseFile, openDatabase } from '../store/database.ts'

/** Runs a report over the data directory, beside a gateway that may be running. */
export async function report(args: readonly string[]): Promise<number> {
  const config = readConfig(process.env)
  const areas = loadImported(config.dataDir, ({ standard }) => standard === 'area')
  const codes = loadCodes(await loadRegistry(), areas)
  const today = dayOf(systemClock.now())
  const database = openDatabase(databaseFile(config.dataDir))
  try {
    return await reportCommand(args, {
      database,
      isKnownArea: (code) => codes.lookup('area', code, today).found,
      pseudonym: createSeal(readKey(config)).pseudonym,
      today,
      out: (text) => console.log(text),
      err: (text) => console.error(text),
    })
  } finally {
    database.$client.close()
  }
}
