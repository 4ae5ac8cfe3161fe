/** Whether an answer names a field twice: readers differ in which of the two they take, so it says nothing. [A] */

/** Depth of the objects whose names are told apart: the head, the output, its nodes. */
const DEPTH = 3

/** Names of the head by which a long answer, whose rows would take long, is looked at. */
const HEAD = ['"infcode"', '"err_msg"', '"output"']
/** Length up to which every answer is looked at. */
const SHORT = 8_192

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

/**
 * Whether one of its objects names a field twice. Rows are not looked at.
 *
 * @param json that has been parsed
 */
export function namesTwice(json: string): boolean {
  if (json.length > SHORT && !HEAD.some((name) => json.indexOf(name) !== json.lastIndexOf(name))) return false
  /** Names seen in each object that is open; null in an array, and deeper than is looked at. */
  const open: (Set<string> | null)[] = []
  let text = ''
  let arrays = 0
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '[') arrays += 1
    else if (token === ']') arrays -= 1
    else if (token === '{') open.push(arrays === 0 && open.length < DEPTH ? new Set() : null)
    else if (token === '}') open.pop()
    else if (token !== ':') text = token
    else {
      const names = open.at(-1)
      if (!names) continue
      const name = JSON.parse(text) as string
      if (names.has(name)) return true
      names.add(name)
    }
  }
  return false
}
