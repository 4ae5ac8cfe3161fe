/** Slips in the bytes of the journal: what is synced, what is cut off, what is remembered before it is indexed. */
import type { Mutant } from './mutants.ts'

/** They stand at the end of `MUTANTS`. */
export const JOURNAL_MUTANTS: readonly Mutant[] = [
  {
    name: 'let answers rest in clear',
    file: 'src/journal/segment-disk.ts',
    find: 'outcome.reply ? seal.seal(outcome.reply) : null',
    replace: 'outcome.reply ?? null',
  },
  {
    name: 'let messages rest in clear',
    file: 'src/journal/segment-disk.ts',
    find: 'exchange.sealed && seal.seal(exchange.sealed)',
    replace: 'exchange.sealed',
  },
  {
    name: 'skip the sync of a batch',
    file: 'src/journal/segments.ts',
    find: 'await file.write(bytes, offset)\n      offset',
    replace: 'void file.write(bytes, offset).catch(() => {})\n      offset',
  },
  {
    name: 'skip the sync of the directory',
    file: 'src/journal/segments.ts',
    find: 'await files.syncDirectory()',
    replace: '',
  },
  {
    name: 'cut a damaged batch off as if it were torn',
    file: 'src/journal/scan.ts',
    find: 'if (!lacks || !isZero(bytes.subarray(batch.end - base))) return damage',
    replace: '',
  },
  {
    name: 'take a torn batch for damage',
    file: 'src/journal/scan.ts',
    find: "return { is: 'torn', offset, nextSequence: sequence, wrong: batch.wrong }",
    replace: 'return damage',
  },
  {
    name: 'forget the tail that is not indexed',
    file: 'src/journal/segment-disk.ts',
    find: 'tail.add(batch, durable)',
    replace: '',
  },
  {
    name: 'forget what became of an indexed message since',
    file: 'src/journal/lookup.ts',
    find: 'const last = recent?.last\n      ? inClear(recent.last)',
    replace: 'const last = recent?.last && !located.last\n      ? inClear(recent.last)',
  },
  {
    name: 'leave a torn batch where the next one is written',
    file: 'src/journal/start.ts',
    find: 'await cut(ports, ending)',
    replace: '',
  },
]
