import type { Message } from '../../src/extension/dialect.ts'

/** A message whose codes are texts, whichever way it was read. */
export function inClear<Read extends Pick<Message, 'subject'>>(message: Read): Read {
  const { lines } = message.subject
  if (!lines) return message
  const clear = lines.map((line) => ({ ...line, item: { system: line.item.system, code: line.item.code } }))
  return { ...message, subject: { ...message.subject, lines: clear } }
}
