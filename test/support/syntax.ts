/** The syntax of a source as a tree, for tests of what the sources may say. */
import { parseAst } from 'vitest/node'

/** A node of the tree (ESTree); its children are in fields of any name. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

/** Reads a TypeScript source. */
export function syntaxOf(text: string): Node {
  return parseAst(text, { lang: 'ts' }) as unknown as Node
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** The nodes in a node, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter(isNode)
    .sort((one, other) => one.start - other.start)
}

/** A node and all below it, those above first. */
export function* everyNode(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* everyNode(child)
}

/** Line of a place in a text, from 1. */
export function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length
}
