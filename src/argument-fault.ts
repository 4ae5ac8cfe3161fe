/** What is wrong with the options of a command, in Chinese: what `parseArgs` of Node says is English. */

/** Codes of `node:util`'s `parseArgs`, with the sentence for the option or word that stands first in its message. */
const FAULTS: Readonly<Record<string, (given: string) => string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (option) => `没有选项“${option}”`,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (option) => `选项“${option}”缺少值，或不应有值`,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: (word) => `多余的参数“${word}”`,
}

/** The first text in quotes of Node's message: `Unknown option '--foo'. …` */
const QUOTED = /'([^']*)'/

/**
 * The sentence for a fault of `parseArgs`.
 *
 * @returns `参数不正确：没有选项“--foo”`; null where the error is another one
 */
export function argumentFault(error: unknown): string | null {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (!code.startsWith('ERR_PARSE_ARGS')) return null
  const given = QUOTED.exec(message)?.[1]?.split(' ')[0]
  const sentence = given === undefined ? undefined : FAULTS[code]?.(given)
  return sentence === undefined ? '参数不正确' : `参数不正确：${sentence}`
}
