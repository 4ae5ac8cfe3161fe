/**
 * Test files that `npm test` leaves to `npm run prove`, with the seconds that each takes on two cores of which another test
 * has one. What every change needs at once is not here: rules, doors, one demonstration, some hundred simulated runs.
 */
export const SLOW: Readonly<Record<string, number>> = {
  'test/simulation/many-seeds.test.ts': 460,
  'test/simulation/kills.test.ts': 150,
  'test/journal/archive.test.ts': 122,
  'test/journal/archive-kill.test.ts': 112,
  'test/readme.test.ts': 112,
  'test/workers/life.test.ts': 105,
  'test/http/fhir-import.test.ts': 64,
  'test/journal/segment-disk.test.ts': 46,
  'test/demo-kill.test.ts': 45,
  'test/simulation/broken-wires.test.ts': 33,
  'test/simulation/attacks.test.ts': 40,
  'test/codes/import/killed.test.ts': 32,
  'test/offload/threads.test.ts': 25,
  'test/simulation/proxy.test.ts': 24,
  'test/codes/import/official.test.ts': 23,
  'test/codes/command.test.ts': 22,
  'test/system/load-profile.test.ts': 22,
  'test/workers/figures.test.ts': 20,
  'test/workers/workers.test.ts': 20,
  'test/journal/key-check.test.ts': 19,
  'test/http/rest/tried.test.ts': 17,
  'test/journal/verify.test.ts': 15,
  'test/journal/backup.test.ts': 15,
  'test/load-tests/bench.test.ts': 14,
  'test/commands-language.test.ts': 12,
}
