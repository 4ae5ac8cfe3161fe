/** `npm run codes -- …`: code tables and maps. */
import { argumentFault } from '../argument-fault.ts'
import { importMapCommand, importTableCommand } from './codes-import.ts'
import { stepCommand } from './codes-lifecycle.ts'
import { listCodes } from './codes-list.ts'
import { mappingQualityCommand } from './codes-mapping-quality.ts'
import { rehearseCommand } from './codes-rehearse.ts'
import { candidatesScore } from './codes-score.ts'
import { translateCodes } from './codes-translate.ts'

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  import: importTableCommand,
  'import-map': importMapCommand,
  review: stepCommand('reviewed'),
  publicise: stepCommand('publicised'),
  publish: stepCommand('published'),
  rehearse: rehearseCommand,
  list: listCodes,
  translate: translateCodes,
  'mapping-quality': mappingQualityCommand,
  'candidates-score': candidatesScore,
}

/** Former command names, kept silently for scripts. */
const FORMER: Readonly<Record<string, string>> = { conformance: 'mapping-quality' }

/** Reports unknown options in Chinese. @returns 2 @throws any other error */
function toldInChinese(error: unknown): number {
  const sentence = argumentFault(error)
  if (sentence === null) throw error
  console.error(sentence)
  return 2
}

/** Runs a subcommand. @returns the exit code; 2 if there is no such command */
export async function codes(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args
  const command = COMMANDS[FORMER[name] ?? name]
  if (command) return await command(rest).catch(toldInChinese)
  console.error(
    `${name === '' ? '请指定命令' : `没有命令“${name}”`}，现有：${Object.keys(COMMANDS).join('、')}`,
  )
  return 2
}
