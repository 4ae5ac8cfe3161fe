/**
 * `npm run load-questions`: how much the gateway adds to a question. 1101 through the gateway against the same bytes sent
 * straight to the platform, in alternating rounds of one run, over HTTP only. What it does not measure: settlements, the
 * journal, tails under an open load. Run `npm start` first.
 */
import autocannon from 'autocannon'
import { ENDPOINT, nationalMessage } from '../src/client/message.ts'
import { HOSPITALS } from './messages.ts'
import { partiesOf, peopleOf } from './parties.ts'
import { median } from './statistics.ts'

const ROUNDS = 3
const SECONDS = 4
const CONNECTIONS = 16

const parties = partiesOf(process.env)
const GATEWAY = parties.gateway
const PLATFORM = parties.provinces[0]!

/** A person query of a local person at a hospital of the same city. */
async function message(): Promise<string> {
  const [person] = await peopleOf({ ...parties, provinces: [PLATFORM] })
  const { insuplc_admdvs } = person!.insurance[0]!
  const [hospital] = HOSPITALS
  const { code: institution, name, area: treatmentArea } = hospital!
  const sender = { institution, name, treatmentArea, insuredArea: insuplc_admdvs }
  const head = { id: `${institution}202601010000000001`, at: '2026-01-01 00:00:00' }
  return JSON.stringify(nationalMessage(sender, '1101', { data: person!.credentials[0] }, head))
}

async function round(url: string, body: string) {
  const headers = { 'content-type': 'application/json' }
  const result = await autocannon({
    url: url + ENDPOINT,
    method: 'POST',
    headers,
    body,
    connections: CONNECTIONS,
    duration: SECONDS,
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} non-2xx, ${result.errors} errors`)
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 }
}

const body = await message()
const rounds: { through: Awaited<ReturnType<typeof round>>; straight: Awaited<ReturnType<typeof round>> }[] =
  []
for (let number = 1; number <= ROUNDS; number += 1) {
  process.stderr.write(`round ${number} of ${ROUNDS}\n`)
  const straight = await round(PLATFORM, body)
  const through = await round(GATEWAY, body)
  rounds.push({ through, straight })
}
for (const name of ['straight', 'through'] as const) {
  const of = (key: 'rate' | 'p50' | 'p99') => median(rounds.map((one) => one[name][key]))
  console.log(`${name.padEnd(9)} ${of('rate').toFixed(0)} a second, p50 ${of('p50')} ms, p99 ${of('p99')} ms`)
}
const ratio = median(rounds.map(({ through, straight }) => through.rate / straight.rate))
console.log(
  `through the gateway ÷ straight to the platform: ${ratio.toFixed(2)} (median of ${ROUNDS} rounds)`,
)
