/** `npm run codes -- …`: code tables and maps. */
import { importMapCommand, importTableCommand } from './codes-import.ts'
import { listCodes } from './codes-list.ts'
import { translateCodes } from './codes-translate.ts'

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  import: importTableCommand,
  'import-map': importMapCommand,
  list: listCodes,
  translate: translateCodes,
}

/** Runs one of them. @returns the exit code; 2 where there is no such command */
export async function codes(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args
  const command = COMMANDS[name]
  if (command) return await command(rest)
  console.error(`没有命令“${name}”，现有：${Object.keys(COMMANDS).join('、')}`)
  return 2
}
