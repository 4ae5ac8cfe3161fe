/** The one command line: serve, simulate, demo, report, codes, verify, backup, restore, compared, onboarding, field-manual, people. */
const COMMANDS: Record<string, () => Promise<(args: readonly string[]) => Promise<number>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  demo: async () => (await import('./commands/demo.ts')).demo,
  report: async () => (await import('./commands/report.ts')).report,
  codes: async () => (await import('./commands/codes.ts')).codes,
  verify: async () => (await import('./commands/verify.ts')).verify,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  compared: async () => (await import('./commands/compared.ts')).compared,
  onboarding: async () => (await import('./commands/onboarding.ts')).onboarding,
  conformance: async () => (await import('./commands/conformance.ts')).conformance,
  'field-manual': async () => (await import('./commands/field-manual.ts')).fieldManual,
  people: async () => (await import('./commands/people.ts')).people,
}

/** Started by `serve --workers` and by nobody else. */
const WORKER = async () => (await import('./workers/process.ts')).work

const [name = '', ...args] = process.argv.slice(2)
const command = name === 'worker' && process.send ? WORKER : COMMANDS[name]
if (!command) {
  console.error(`Unknown command "${name}". There are: ${Object.keys(COMMANDS).join(', ')}`)
  process.exit(2)
}
try {
  const run = await command()
  process.exitCode = await run(args)
} catch (cause) {
  // What was begun (threads, platforms) ends with the process.
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exit(1)
}
