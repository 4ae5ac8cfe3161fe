/**
 * Entry point of one platform process: `node src/simulator/process.ts '{"platform":"620000","dataDir":"data"}'`.
 * Notifies its parent when it listens; stops on SIGTERM and when its parent has gone.
 */
import type { StartStep } from '../patience.ts'
import type { PlatformOptions } from './platform.ts'

/** The argument: options that are plain data. */
export type ProcessOptions = Omit<PlatformOptions, 'now' | 'itemOf' | 'levelOf' | 'samplesOf' | 'codebooks'>

/** Final message to the parent; progress comes before it. */
export type ProcessReport = { readonly url: string } | { readonly fault: string }

function report(message: ProcessReport | StartStep): void {
  if (process.send) process.send(message)
  else if (!('step' in message)) process.stderr.write(`${'url' in message ? message.url : message.fault}\n`)
}

async function run(argument: string): Promise<void> {
  const options = JSON.parse(argument) as ProcessOptions
  // Loaded step by step, so that a parent on a busy machine sees progress.
  report({ step: 'loads its program' })
  const { startPlatform } = await import('./platform.ts')
  report({ step: 'reads the code tables' })
  const { codebooks, itemOf, levelOf, samplesOf } = await import('./attributes.ts')
  report({ step: 'opens its book' })
  const platform = await startPlatform({ ...options, codebooks, itemOf, levelOf, samplesOf })
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await platform.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', stop)
  report({ url: platform.url })
}

try {
  await run(process.argv[2] ?? '{}')
} catch (error) {
  report({ fault: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
  if (process.connected) process.disconnect()
}
