/** Slips against the rules about stays, the REST door, pace, the start, codes, personal data and figures. */
import type { Mutant } from './mutants.ts'

/** They stand at the end of `MUTANTS`. */
export const RULE_MUTANTS: readonly Mutant[] = [
  {
    name: 'withdraw only the first line of an upload',
    file: 'adapters/000000-national/operations/lines.ts',
    find: 'data: (subject.lines ?? []).map((line)',
    replace: 'data: (subject.lines ?? []).slice(0, 1).map((line)',
  },
  {
    name: 'take a lost discharge for a refused one',
    file: 'src/pipeline/recovery/steps.ts',
    find: "if (answer.event === 'no-answer' || answer.event === 'not-sent') return null",
    replace:
      "if (answer.event === 'no-answer') return record(context, known.state, 'no', { told: '' })\n  if (answer.event === 'not-sent') return null",
  },
  {
    name: 'let REST keys of two institutions meet',
    file: 'src/http/rest/status.ts',
    find: "[REST, institution, operation].join('|')",
    replace: "[REST, 'all', operation].join('|')",
  },
  {
    name: 'put the name of the caller into the key',
    file: 'src/pipeline/intent.ts',
    find: 'ownKey?.key ?? nameOf(envelope)',
    replace: 'ownKey?.key ?? caller.id + nameOf(envelope)',
  },
  {
    name: 'tell a resend in flight no at once',
    file: 'src/pipeline/waiting.ts',
    find: 'if (ms <= 0) return Promise.resolve(false)',
    replace: 'if (ms < 60_000) return Promise.resolve(false)',
  },
  {
    name: 'give each attempt over REST a message id of its own',
    file: 'src/http/rest/send.ts',
    find: 'first || (await freshId(services, head.institution, transaction))',
    replace: 'await freshId(services, head.institution, transaction)',
  },
  {
    name: 'compare no bodies over REST',
    file: 'src/http/rest/routes.ts',
    find: 'subject), given]))',
    replace: 'subject)]))',
  },
  {
    name: 'one breaker and one bulkhead for all behind the national platform',
    file: 'src/transport/transport.ts',
    find: 'endpointOf(sending.destination)',
    replace: 'endpointOf({ ...sending.destination, id: sending.destination.platform })',
  },
  {
    name: 'try a destination that is down with the next settlement',
    file: 'src/transport/channel.ts',
    find: 'else if (this.isDown) this.#takeWhileDown(call)',
    replace: "else if (this.isDown && call.sending.traffic === 'questions') this.#takeWhileDown(call)",
  },
  {
    name: 'take silence for patience',
    file: 'src/transport/silence-detector.ts',
    find: 'const SILENT_MS = 250',
    replace: 'const SILENT_MS = Infinity',
  },
  {
    name: 'forget how long the caller waits',
    file: 'src/pipeline/budget.ts',
    find: 'return patience ? Math.min(',
    replace: 'return patience?.waitMs === 0 ? Math.min(',
  },
  {
    name: 'open the door before recovery',
    file: 'src/pipeline/startup.ts',
    find: 'const left = await journal.recover()',
    replace: 'open()\n  const left = await journal.recover()',
  },
  {
    name: 'give an unknown outcome of a former run no task',
    file: 'src/pipeline/startup.ts',
    find: 'recovery.watch(one.exchange.id, one)',
    replace: 'if (one.exchange.id < 0) recovery.watch(one.exchange.id, one)',
  },
  {
    name: 'answer questions no longer when the disk fails',
    file: 'src/pipeline/handle.ts',
    find: 'if (isQuestion(translated.message))',
    replace: 'if (isQuestion(translated.message) && services.journal.writable())',
  },
  {
    name: 'tell of a dark province before it is durable',
    file: 'src/pipeline/record.ts',
    find: 'const before = await stopwatch.commit(written)',
    replace: 'const before = null as any; written.catch(() => {})',
  },
  {
    name: 'use today instead of the day of the fee',
    file: 'adapters/000000-national/claim.ts',
    find: 'new FeeLine(serial, last.day,',
    replace: 'new FeeLine(serial, parseDay(new Date(Date.now() + 28_800_000).toISOString().slice(0, 10)),',
  },
  {
    name: 'let retired codes leave',
    file: 'src/codes/table.ts',
    find: 'if (number >= packed.untilNumber(place))',
    replace: 'if (number < packed.fromNumber(place))',
  },
  {
    name: 'take the newest edition whatever the day',
    file: 'src/codes/calendar.ts',
    find: 'lastEdition = editions.findLast(({ from }) => from <= day)',
    replace: 'lastEdition = editions.at(-1)',
  },
  {
    name: 'let an unmapped code be its own translation',
    file: 'src/codes/resolve.ts',
    find: "return refuse('not-mapped', unmatchedText(code, day, answer.idle), near)",
    replace: 'return resolveNational(standard, { system, code: "001102000010000" }, day)',
  },
  {
    name: 'keep the number of the person instead of a pseudonym',
    file: 'src/pipeline/receive.ts',
    find: 'person = named ? services.pseudonym(named) : null',
    replace: 'person = named ?? null',
  },
  {
    name: 'count a reversed settlement in the rate',
    file: 'src/store/queries/journal-stays.ts',
    find: "and outcome.state in ('accepted', 'reversed')`",
    replace: "and outcome.state in ('accepted')`",
  },
  {
    name: 'forget the day in a figure',
    file: 'src/reports/stay.ts',
    find: 'if (at > until) continue',
    replace: '',
  },
  {
    name: 'let a person buy anew while the first purchase is unknown',
    file: 'src/journal/embedded/busy-encounters.ts',
    find: 'heeded.find(({ name }) => holders.has(name))',
    replace: "heeded.find(({ name, by }) => by !== 'buyer' && holders.has(name))",
  },
  {
    name: 'take any purchase of the person for the one sought',
    file: 'adapters/000000-national/evidence.ts',
    find: '{ ask: settlementQuery, found: settlementShown, standing: purchaseStanding,',
    replace:
      '{ ask: settlementQuery, found: (about, output) => settlementIn(about, output), standing: purchaseStanding,',
  },
  {
    name: 'do not note the visit that a purchase has opened',
    file: 'adapters/000000-national/operations/pharmacy.ts',
    find: 'encounter: (output) => encounterOf(',
    replace: 'encounters: (output) => encounterOf(',
  },
  {
    name: 'take a list of sales of which rows are missing for whole',
    file: 'adapters/000000-national/described/found-rows.ts',
    find: 'const missing = shown.flatMap((row, index) => (row ? [] : [index]))',
    replace: 'const missing: number[] = []',
  },
  {
    name: 'take the sale of a box in another visit for its own',
    file: 'adapters/000000-national/described/found.ts',
    find: "textIn(row, name) === '' || says(name, place))",
    replace: 'name !== place)',
  },
  {
    name: 'send a sale of boxes again blindly',
    file: 'adapters/000000-national/described/operation.ts',
    find: 'if (again) return { resend: true }',
    replace: 'if (again || head.boxes) return { resend: true }',
  },
  {
    name: 'take a box that stands sold for one that came back',
    file: 'adapters/000000-national/described/found.ts',
    find: "return ours.length > 0 ? null : 'unclear'",
    replace: "return ours.length > 0 ? {} : 'unclear'",
  },
  {
    name: 'look for a return of boxes as for a sale',
    file: 'adapters/000000-national/described/places.ts',
    find: 'return negative(heldAt(message, place.slice(1), input))',
    replace: 'return heldAt(message, place.slice(1), input)',
  },
  {
    name: 'forget which rows of a list were refused',
    file: 'src/pipeline/outcome.ts',
    find: 'if (!refused) return {}',
    replace: 'if (!refused || refused.sent > 0) return {}',
  },
]
