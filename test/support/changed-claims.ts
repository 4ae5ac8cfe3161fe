/** Claims changed in every way that a sender may think of, for comparing the fast way of a message with the general one. */
import fc from 'fast-check'

type Json = Record<string, unknown>

/** Values that fields are given in place of their own. */
const ODD = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    null,
    0,
    -0,
    1,
    -1,
    1e21,
    1e-7,
    0.1,
    12.5,
    true,
    [],
    {},
    [1, ['x', null]],
    'a"b',
    'ä',
    '𬌗',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    '2026-03-02',
    '2026-03-02 09:00',
    '2026-03-02T09:00:00',
    '12.345',
    '-1',
    '1.',
    '12345678901234567',
  ),
  fc.string({ minLength: 180, maxLength: 230, unit: fc.constantFrom('中', 'a', '𬌗') }),
)

/** One change of a claim. */
export const CHANGE = fc.record({
  node: fc.constantFrom('root', 'data', 'row'),
  act: fc.constantFrom('set', 'delete', 'add', 'reverse', 'number-as-text'),
  pick: fc.nat(),
  value: ODD,
  name: fc.constantFrom('medins_list_name', '7', '__proto__', '名称', 'x y', 'feedetl_sn2'),
})

type Change = typeof CHANGE extends fc.Arbitrary<infer Value> ? Value : never

/** A claim with its changes, as the object that it then says. */
export function changed(body: string, changes: readonly Change[]): Json {
  const message = JSON.parse(body) as Json & { input: { data: Json; feedetail: Json[] } }
  for (const { node, act, pick, value, name } of changes) {
    const rows = message.input?.feedetail
    const target: Json | undefined =
      node === 'root' ? message : node === 'data' ? message.input?.data : rows?.[pick % (rows?.length || 1)]
    if (!target || typeof target !== 'object') continue
    const keys = Object.keys(target)
    const key = keys[pick % keys.length]
    if (key === undefined) continue
    if (act === 'set') target[key] = value
    if (act === 'delete') delete target[key]
    if (act === 'add')
      Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
    if (act === 'number-as-text' && typeof target[key] === 'number') target[key] = String(target[key])
    if (act === 'reverse') {
      const entries = Object.entries(target).reverse()
      for (const each of keys) delete target[each]
      Object.assign(target, Object.fromEntries(entries))
    }
  }
  return message
}
