/** `npm run report`: settlement rates, and the import of stays settled outside the gateway. */
import { loadCodes, loadImported } from '../codes/load.ts'
import { readConfig } from '../config.ts'
import { dayOf } from '../domain/day.ts'
import { loadRegistry } from '../extension/registry.ts'
import { keyFor } from '../journal/key-for.ts'
import { createSeal } from '../journal/segment/seal.ts'
import { ownDialect } from '../pipeline/spoken.ts'
import { systemClock } from '../ports.ts'
import { reportCommand } from '../reports/command.ts'
import { stayNumbersOf } from '../reports/stay-numbers.ts'
import { openDatabase } from '../store/database.ts'
import { openStores } from '../workers/stores.ts'

/** Runs a report on the data directory; a gateway may be running. */
export async function report(args: readonly string[]): Promise<number> {
  const config = readConfig(process.env)
  const areas = loadImported(config.dataDir, ({ standard }) => standard === 'area')
  const registry = await loadRegistry()
  const codes = loadCodes(registry, areas)
  const today = dayOf(systemClock.now())
  const { database, close } = openStores(config.dataDir, openDatabase)
  try {
    return await reportCommand(args, {
      database,
      isKnownArea: (code) => codes.lookup('area', code, today).found,
      pseudonym: createSeal(keyFor(config)).pseudonym,
      today,
      stays: stayNumbersOf(ownDialect(registry.dialects).operations),
      out: (text) => console.log(text),
      err: (text) => console.error(text),
    })
  } finally {
    close()
  }
}
