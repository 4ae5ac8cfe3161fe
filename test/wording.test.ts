/** Nothing in the sources is decided by the wording of a sentence: what a program needs is a field beside it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { childrenOf, everyNode, lineAt, type Node, syntaxOf } from './support/syntax.ts'

const ROOT = join(import.meta.dirname, '..')
const HAN = /\p{Script=Han}/u
/** Chinese in a pattern, also where it is named as a script or by its numbers. */
const HAN_PATTERN = /\p{Script=Han}|Script=Han|\\u[4-9][\da-f]{3}|\\u\{[2-9][\da-f]{4}/iu
const METHODS =
  'includes indexOf lastIndexOf startsWith endsWith match matchAll search replace replaceAll split test exec has'
/** Methods that look into a text, or for one. */
const LOOKS: ReadonlySet<unknown> = new Set(METHODS.split(' '))
const COMPARES: ReadonlySet<unknown> = new Set(['===', '!==', '==', '!='])

/** Files that look at Chinese words, and of what: none of it is a sentence that the gateway or a platform has written. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/codes/import/': 'heads and cells of files of others',
  'src/codes/texts.ts': 'the title of a standard is shortened, and nothing decided',
  'src/journal/segment/counts.ts': 'journals of earlier builds, which had no columns for it',
}

/** Places of a source that look at Chinese words, each with its line. */
function placesIn(name: string, text: string): string[] {
  const tree = syntaxOf(text)
  const chinese = new Set<unknown>()

  function holds(node: Node | undefined): boolean {
    switch (node?.type) {
      case 'Literal':
        return 'regex' in node
          ? HAN_PATTERN.test(String((node.regex as { pattern: string }).pattern))
          : HAN.test(String(node.value))
      case 'TemplateElement':
        return HAN.test((node.value as { raw: string }).raw)
      case 'Identifier':
        return chinese.has(node.name)
      case 'TemplateLiteral':
      case 'ArrayExpression':
      case 'NewExpression':
      case 'TSAsExpression':
        return childrenOf(node).some(holds)
      default:
        return false
    }
  }

  function looks(node: Node): boolean {
    if (node.type === 'CallExpression') {
      const { callee, arguments: given } = node as unknown as { callee: Node; arguments: Node[] }
      const method = callee.type === 'MemberExpression' ? (callee.property as Node).name : null
      return LOOKS.has(method) && (holds(callee.object as Node) || holds(given[0]))
    }
    if (node.type === 'BinaryExpression') {
      return COMPARES.has(node.operator) && (holds(node.left as Node) || holds(node.right as Node))
    }
    if (node.type === 'SwitchCase') return node.test !== null && holds(node.test as Node)
    return node.type === 'Literal' && 'regex' in node && holds(node)
  }

  for (const node of everyNode(tree)) {
    if (node.type === 'VariableDeclarator' && node.init && holds(node.init as Node))
      chinese.add((node.id as Node).name)
  }
  return [...everyNode(tree)].filter(looks).map(({ start }) => `${name}:${lineAt(text, start)}`)
}

describe('a branch on the wording of a sentence', () => {
  it.each([
    "const is = text.includes('重复')",
    "const is = error.message === '结果未知'",
    'const count = /^第(\\d+)次查询/.exec(told)',
    "const WORD = '同一报文ID'\nconst has = sentence.includes(WORD)",
    'const isOurs = /\\p{Script=Han}/u.test(message)',
    "switch (told) { case '已办理': break }",
    "const known = new Set(['结果未知'])\nif (known.has(told)) stop()",
    "const own = detail.replaceAll('报文ID', 'Idempotency-Key')",
  ])('is found: %s', (text) => {
    expect(placesIn('a.ts', text)).not.toEqual([])
  })

  it('is none where a sentence is only written', () => {
    const text = ["const told = is === 1 ? '已办理' : `未办理${", "why.replace('a', 'b')}`"].join('')
    expect(placesIn('a.ts', text)).toEqual([])
  })

  it('stands nowhere in the sources, but for what reads the files of others', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('src', file))
    const places = files.flatMap((path) => placesIn(path, readFileSync(join(ROOT, path), 'utf8')))
    const allowed = Object.keys(ALLOWED)
    expect(places.filter((place) => !allowed.some((path) => place.startsWith(path)))).toEqual([])
    // The exceptions are still such.
    expect(allowed.filter((path) => !places.some((place) => place.startsWith(path)))).toEqual([])
  })
})
