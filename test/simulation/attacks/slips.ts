/**
 * The gateway broken on purpose, each in a promise that the schedule of attacks has to hold it to: a check that cannot fail
 * shows nothing.
 */
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { broken, type Mutant } from '../mutants.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const COPIED = ['src', 'adapters', 'codebooks', 'package.json']

/** A slip: its edits are made together. */
interface Slip {
  readonly name: string
  readonly edits: readonly Mutant[]
}

function slip(name: string, ...edits: readonly Omit<Mutant, 'name'>[]): Slip {
  return { name, edits: edits.map((edit) => ({ name, ...edit })) }
}

const ENGINE = 'src/journal/embedded/embedded-engine.ts'

const SLIPS: readonly Slip[] = [
  // The intent is written with its outcome, so nothing is durable when the message leaves.
  slip(
    'no-intent',
    {
      file: ENGINE,
      find: 'else await commits.write(found ? { outcome: againOf(found) } : { exchange })',
      replace: 'else if (found) await commits.write({ outcome: againOf(found) })',
    },
    {
      file: ENGINE,
      find: 'await commits.write({ outcome })',
      replace: "await commits.write(from === 'open' ? { exchange, outcome } : { outcome })",
    },
  ),
  // After a restore everything leaves at once.
  slip('no-fence', {
    file: 'src/pipeline/fence.ts',
    find: 'let stands = mark !== null && mark.compared === null',
    replace: 'let stands = false',
  }),
  // After the comparison everything leaves at once, also what people have found at the platforms and told.
  slip('no-second-look', {
    file: 'src/pipeline/look-first.ts',
    find: ': lookOnceMore(services, message, span, ownKey, until)',
    replace: ': null',
  }),
  // What a kill has left open is looked for by nobody.
  slip('no-search', {
    file: 'src/pipeline/startup.ts',
    find: 'for (const one of left) recovery.watch(one.exchange.id, one)',
    replace: 'void recovery',
  }),
  // No answer is sent again instead of being looked for.
  slip('blind-resend', {
    file: 'src/pipeline/recovery/plan.ts',
    find: "if (evidence?.resend) return 'resend'",
    replace: "if (evidence) return 'resend'",
  }),
  // A journal is written with any key.
  slip('any-key', {
    file: 'src/journal/segment/key-check.ts',
    find: 'if (check !== key.check) return',
    replace: 'if (check === key.place) return',
  }),
]

/** Names of the slips, as the line takes them. */
export const SLIP_NAMES = SLIPS.map(({ name }) => name).join(', ')

/**
 * The sources that run as the gateway.
 *
 * @param name of the slip; null for the sources as they are
 * @throws where there is no such slip, or its text does not stand in the sources once
 */
export function sourcesWith(name: string | null): { readonly root: string; remove(): void } {
  if (name === null) return { root: ROOT, remove: () => {} }
  const found = SLIPS.find((one) => one.name === name)
  if (!found) throw new Error(`No slip is named ${name}; there are ${SLIP_NAMES}`)
  const root = mkdtempSync(join(tmpdir(), 'zhijie-slip-'))
  for (const folder of COPIED) cpSync(join(ROOT, folder), join(root, folder), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  for (const edit of found.edits) writeFileSync(join(root, edit.file), broken(edit, root))
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}
