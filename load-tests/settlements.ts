/**
 * `npm run load`: visits over HTTP only against a gateway and platforms that are running (`npm start`), as a closed loop or
 * as a profile with a report. It ends with the validity gate. `npm run load -- --help` says the rest.
 */
import { helpText, readArguments } from './kit/arguments.ts'
import { runClosed } from './kit/closed.ts'
import { printSummary } from './kit/print.ts'
import { reserveReport, writeReport } from './kit/report/write.ts'
import { runProfile } from './kit/run.ts'
import { summaryOf } from './kit/summary.ts'
import { partiesOf } from './parties.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<number> {
  const words = process.argv.slice(2)
  const run = readArguments(words)
  if (run.kind === 'help') {
    console.log(helpText())
    return 0
  }
  const parties = partiesOf(process.env)
  if (run.kind === 'closed') return (await runClosed(run, parties)) ? 0 : 1
  reserveReport(run)
  const ended = new AbortController()
  process.once('SIGINT', () => {
    say('no more visits begin; the run is brought to rest and judged (once more ends it at once)')
    ended.abort()
  })
  const result = await runProfile(run, parties, say, ended.signal)
  const summary = summaryOf(run, result)
  writeReport(run, result, summary, words)
  if (run.json)
    console.log(
      JSON.stringify({ ...summary.headline, drift: summary.drift, valid: result.verdict === 'valid' }),
    )
  else printSummary(run, summary)
  return result.verdict === 'void' ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (cause) {
  console.error((cause as Error).message)
  process.exitCode = 2
}
