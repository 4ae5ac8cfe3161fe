import type { Message } from '../../src/extension/dialect.ts'

/** A message whose codes are texts, whichever way it was read. */
export function inClear<Read extends Pick<Message, 'subject' | 'codes'>>(message: Read): Read {
  const { lines } = message.subject
  if (!lines) return message
  const clear = lines.map((line) => ({
    ...line,
    given: { system: line.given.system, code: line.given.code },
  }))
  const codes = [...clear, ...message.codes.slice(lines.length)]
  return { ...message, subject: { ...message.subject, lines: clear }, codes }
}
