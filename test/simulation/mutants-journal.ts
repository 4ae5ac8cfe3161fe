/** Slips in the bytes of the journal: what is synced, what is cut off, what is remembered before it is indexed. */
import type { Mutant } from './mutants.ts'

/** They stand at the end of `MUTANTS`. */
export const JOURNAL_MUTANTS: readonly Mutant[] = [
  {
    name: 'let messages and answers rest in clear',
    file: 'src/journal/segment/encoding.ts',
    find: 'return seal.seal(pack(clear, length))',
    replace: 'return [Buffer.from(pack(clear, length))]',
  },
  {
    name: 'skip the sync of a batch',
    file: 'src/journal/segment/segments.ts',
    find: 'await file.write(bytes, offset)\n      offset',
    replace: 'void file.write(bytes, offset).catch(() => {})\n      offset',
  },
  {
    name: 'skip the sync of the directory',
    file: 'src/journal/segment/segments.ts',
    find: 'await files.syncDirectory()',
    replace: '',
  },
  {
    name: 'cut a damaged batch off as if it were torn',
    file: 'src/journal/segment/scan.ts',
    find: 'if (!lacks || !isZero(bytes.subarray(batch.end - base))) return damage',
    replace: '',
  },
  {
    name: 'take a torn batch for damage',
    file: 'src/journal/segment/scan.ts',
    find: "return { is: 'torn', offset, nextSequence: sequence, wrong: batch.wrong }",
    replace: 'return damage',
  },
  {
    name: 'forget the tail that is not indexed',
    file: 'src/journal/segment/segment-disk.ts',
    find: 'tail.add(batch, places, begin, durable)',
    replace: '',
  },
  {
    name: 'forget what became of an indexed message since',
    file: 'src/journal/index/lookup.ts',
    find: 'last: recent?.last ?? located.last }',
    replace: 'last: located.last ?? recent?.last ?? null }',
  },
  {
    name: 'let a filter forget what is indexed',
    file: 'src/journal/index/filtered-index.ts',
    find: 'for (const name of namesOf(placed)) filter.add(name)',
    replace: 'void namesOf(placed)',
  },
  {
    name: 'leave out what came after the filter was noted',
    file: 'src/journal/index/bloom-filter-file.ts',
    find: 'index.names(end.exchange - OVERLAP, end.outcome)',
    replace: '(end.exchange > 0 ? [] : index.names(0, 0))',
  },
  {
    name: 'leave a torn batch where the next one is written',
    file: 'src/journal/segment/start.ts',
    find: 'await cut(ports, ending)',
    replace: '',
  },
]
