/** The way of one settlement reads from top to bottom: few files, and seldom back to one that was left. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { childrenOf, everyNode, type Node, syntaxOf } from '../support/syntax.ts'

const ROOT = join(import.meta.dirname, '../..')
const FIRST = 'src/pipeline/handle.ts'
/** What stands beside the way: a settlement that goes well never comes there. */
const BESIDE = ['boxes.ts', 'orders.ts', 'questions.ts', 'refuse.ts', 'replay.ts'].map(
  (name) => `src/pipeline/${name}`,
)

interface Source {
  readonly functions: ReadonlyMap<string, Node>
  /** By the name here: the file, and the name there. */
  readonly imports: ReadonlyMap<string, readonly [path: string, name: string]>
}

const sources = new Map<string, Source>()

function sourceOf(path: string): Source {
  const known = sources.get(path)
  if (known) return known
  const functions = new Map<string, Node>()
  const imports = new Map<string, readonly [string, string]>()
  for (const node of everyNode(syntaxOf(readFileSync(join(ROOT, path), 'utf8')))) {
    if (node.type === 'FunctionDeclaration') functions.set(nameOf(node.id), node)
    if (node.type === 'VariableDeclarator' && /Function/.test((node.init as Node | null)?.type ?? ''))
      functions.set(nameOf(node.id), node.init as Node)
    const from = node.type === 'ImportDeclaration' ? String((node.source as Node).value) : ''
    if (!from.startsWith('.')) continue
    for (const one of node.specifiers as Node[])
      imports.set(nameOf(one.local), [join(dirname(path), from), nameOf(one.imported)])
  }
  const source = { functions, imports }
  sources.set(path, source)
  return source
}

const nameOf = (node: unknown) => String((node as Node | undefined)?.name)

/** Files in which somebody is who follows `services` through the calls, in the order of the text; each function once. */
function stays(): string[] {
  const files: string[] = []
  const done = new Set<string>()

  function enter(path: string, name: string): void {
    if (files.at(-1) !== path) files.push(path)
    if (done.has(`${path} ${name}`)) return
    done.add(`${path} ${name}`)
    const entered = sourceOf(path).functions.get(name)
    if (entered) follow(path, entered.body as Node)
  }

  function follow(path: string, node: Node): void {
    for (const child of childrenOf(node)) if (child !== node.callee) follow(path, child)
    const callee = node.type === 'CallExpression' ? (node.callee as Node) : null
    if (!callee) return
    const isGiven = (node.arguments as Node[]).some((one) => nameOf(one) === 'services')
    if (callee.type !== 'Identifier' || !isGiven) {
      follow(path, callee)
      return
    }
    const { functions, imports } = sourceOf(path)
    const name = nameOf(callee)
    const [file, there] = functions.has(name) ? [path, name] : (imports.get(name) ?? [null, name])
    if (file !== null && !BESIDE.includes(file)) enter(file, there)
  }

  enter(FIRST, 'handle')
  return files
}

it('whoever follows the services through a settlement is in at most ten files, and comes back to one at most six times', () => {
  const files = stays()
  const distinct = new Set(files)
  const way = files.map((path) => path.replace(/^src\/pipeline\/|\.ts$/g, '')).join(' > ')
  expect(files, way).toContain('src/pipeline/record.ts')
  expect(distinct.size, way).toBeLessThanOrEqual(10)
  expect(files.length - distinct.size, way).toBeLessThanOrEqual(6)
})

it('the way has its seven steps in their order, each given what the one before has made', () => {
  const { functions } = sourceOf(FIRST)
  const made = [...everyNode(functions.get('handle')!)]
    .filter(({ type }) => type === 'VariableDeclarator')
    .map(({ id, init }) => {
      const call = ((init as Node).type === 'AwaitExpression' ? (init as Node).argument : init) as Node
      const second = (call.arguments as Node[])[1]!
      const given = (second.type === 'AwaitExpression' ? second.argument : second) as Node
      // Two steps in one line, so that what the first has made is no local.
      const step = given.type === 'CallExpression' ? nameOf(given.callee as Node) : null
      return [step ? `${step}(${nameOf((given.arguments as Node[])[1])})` : nameOf(given), nameOf(id)]
    })
  expect(made).toEqual([
    ['inbound', 'arrived'],
    ['receive(arrived)', 'translated'],
    ['translated', 'intent'],
    ['intent', 'dispatched'],
    ['dispatched', 'concluded'],
    ['concluded', 'recorded'],
  ])
})
