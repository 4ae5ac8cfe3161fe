/** The two languages of the console: Chinese first, English by a switch. Each sentence stands once in both. */

/** A language of the pages. */
export type Language = 'zh' | 'en'

/** Says a sentence in the language of the page. */
export type Say = (zh: string, en: string) => string

/** Makes it. */
export const sayIn =
  (language: Language): Say =>
  (zh, en) =>
    language === 'en' ? en : zh

/** States of a message. Chinese as in the table of its life. */
export const STATE_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  open: ['已受理', 'taken up'],
  unsent: ['未发出', 'not sent'],
  unknown: ['结果未知', 'unknown'],
  undoing: ['冲正中', 'being reversed'],
  accepted: ['平台已办', 'done'],
  refused: ['平台拒绝', 'refused'],
  rejected: ['网关拒绝', 'rejected here'],
  reversed: ['已冲正', 'reversed'],
}

/** A state in words. */
export function stateWord(say: Say, state: string): string {
  const [zh, en] = STATE_WORDS[state] ?? [state, state]
  return say(zh, en)
}

/** Next steps of recovery: short, and what they mean. */
export const STEP_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  ask: ['向平台查询', 'ask the platform'],
  resend: ['原样重发（可重发的步骤）', 'send again as it is (allowed for this step)'],
  undo: ['发出冲正', 'send the reversal'],
  verify: ['复核冲正结果', 'verify the reversal'],
  operator: ['人工与平台核对', 'a person compares with the platform'],
}

/** A step in words. */
export function stepWord(say: Say, step: string): string {
  const [zh, en] = STEP_WORDS[step] ?? [step, step]
  return say(zh, en)
}

/** An age as people say it: `3分20秒`, `2小时5分`, `4天3小时`. */
export function ageText(say: Say, seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (days > 0) return say(`${days}天${hours}小时`, `${days} d ${hours} h`)
  if (hours > 0) return say(`${hours}小时${minutes}分`, `${hours} h ${minutes} min`)
  if (minutes > 0) return say(`${minutes}分${seconds % 60}秒`, `${minutes} min ${seconds % 60} s`)
  return say(`${seconds}秒`, `${seconds} s`)
}
