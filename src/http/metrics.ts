/**
 * `GET /metrics` for Prometheus: where the time of messages went, and the status of destinations. Labels are kinds of
 * transactions and destinations, which are few; they contain nothing about a person, an institution or a message.
 */
import { Hono } from 'hono'
import { AggregatorRegistry, Counter, Gauge, Histogram, type MetricObject, Registry } from 'prom-client'
import type { ProblemCode } from '../domain/problems.ts'
import type { Services } from '../pipeline/context.ts'
import type { Receipt } from '../pipeline/receipt.ts'
import type { BreakerCounts, ChannelStatus } from '../transport/transport.ts'

/** In seconds, from the gateway's own overhead to the slowest province. */
const BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25,
]

/** The parts of a receipt, one histogram each. */
const PARTS = {
  own: 'the own work of the gateway',
  commit: 'waiting for the journal',
  counterpart: 'the platform, with the network to it',
  queue: 'waiting for room at the destination, of those that had to wait',
} as const

/** Metrics of a running gateway. */
export interface Metrics {
  /** Records a message sent to a platform. */
  readonly observe: Services['observe']
  /** Records a request refused before its caller was identified. */
  stranger(problem: ProblemCode): void
  text(): Promise<string>
  readonly contentType: string
  /** The metrics of this process, for `together`. */
  share(): Promise<readonly MetricObject[]>
  /** The metrics of several processes as one text. */
  together(shares: readonly (readonly MetricObject[])[]): Promise<string>
}

type Observers = Readonly<Record<keyof typeof PARTS, (seconds: number) => void>>

/**
 * Creates the metrics; gauges are read when scraped.
 *
 * @param turnedAway requests refused under overload since the start
 */
export function createMetrics(
  status: () => readonly ChannelStatus[],
  breakerCounts: () => readonly BreakerCounts[] = () => [],
  turnedAway = () => 0,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const histograms = Object.entries(PARTS).map(([part, text]) => {
    const name = `zhijie_message_${part}_seconds`
    const labelNames = ['kind', 'way'] as const
    return [
      part,
      new Histogram({ name, help: `Time of messages: ${text}`, labelNames, buckets: BUCKETS, registers }),
    ]
  }) as [keyof typeof PARTS, Histogram<'kind' | 'way'>][]
  // Cached, since finding the row of a label costs more than counting.
  const rows = new Map<string, Observers>()

  function rowOf(kind: string, way: string): Observers {
    const known = rows.get(kind + way)
    if (known) return known
    const observers = histograms.map(([part, histogram]) => [part, histogram.labels(kind, way).observe])
    const row = Object.fromEntries(observers) as Observers
    rows.set(kind + way, row)
    return row
  }

  registerStatus(registers, status)
  registerBreakers(registers, breakerCounts)
  const strangers = new Counter({
    name: 'zhijie_strangers_refused_total',
    help: 'Requests refused before it was known who called',
    labelNames: ['problem'],
    registers,
  })
  new Counter({
    name: 'zhijie_gateway_busy_total',
    help: 'Requests turned away at the door because the gateway itself was late',
    registers,
    collect() {
      this.reset()
      this.inc(turnedAway())
    },
  })
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  return {
    observe(message, platform, receipt) {
      observe(rowOf(message.operation.kind, platform === 'national' ? 'national' : 'province'), receipt)
    },
    stranger: (problem) => strangers.inc({ problem }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    share: () => registry.getMetricsAsJSON(),
    together: (shares) => AggregatorRegistry.aggregate(shares.map((share) => [...share])).metrics(),
  }
}

function observe(row: Observers, { ownMs, commitMs, counterpartMs, queueMs }: Receipt): void {
  row.own(ownMs / 1000)
  row.commit(commitMs / 1000)
  row.counterpart(counterpartMs / 1000)
  if (queueMs > 0) row.queue(queueMs / 1000)
}

/** Read from the transport when scraped. */
function registerStatus(registers: Registry[], status: () => readonly ChannelStatus[]): void {
  const labelNames = ['destination', 'traffic'] as const
  const gauge = (
    name: string,
    help: string,
    read: (one: ChannelStatus) => number | null,
    aggregator: 'sum' | 'max' = 'sum',
  ) =>
    new Gauge({
      aggregator,
      name: `zhijie_destination_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        for (const one of status()) {
          const value = read(one)
          if (value !== null) this.set({ destination: one.destination, traffic: one.traffic }, value)
        }
      },
    })
  gauge(
    'down',
    '1 while nothing is sent because the destination does not answer',
    ({ breaker }) => (breaker === 'open' ? 1 : 0),
    'max',
  )
  gauge('limit', 'Calls at once that are let through', ({ limit }) => limit)
  gauge('in_flight', 'Calls under way', ({ inFlight }) => inFlight)
  gauge('waiting', 'Calls that wait for room', ({ waiting }) => waiting)
  gauge(
    'usual_seconds',
    'What an answer usually takes',
    ({ usualMs }) => (usualMs === null ? null : usualMs / 1000),
    'max',
  )
  new Counter({
    name: 'zhijie_destination_turned_away_total',
    help: 'Calls turned away unsent',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { destination, traffic, turnedAway } of status())
        this.inc({ destination, traffic }, turnedAway)
    },
  })
}

/** Counted by the breakers and read when scraped. */
function registerBreakers(registers: Registry[], counts: () => readonly BreakerCounts[]): void {
  new Counter({
    name: 'zhijie_destination_breaker_events_total',
    help: 'Events of the breakers: success, failure, reject, open, close',
    labelNames: ['destination', 'traffic', 'event'],
    registers,
    collect() {
      this.reset()
      for (const { destination, traffic, events } of counts())
        for (const [event, count] of Object.entries(events)) this.inc({ destination, traffic, event }, count)
    },
  })
}

/** The scrape endpoint. */
export function metricsRoutes({ text, contentType }: Pick<Metrics, 'text' | 'contentType'>): Hono {
  const app = new Hono()
  app.get('/metrics', async (context) => {
    context.header('content-type', contentType)
    return context.body(await text())
  })
  return app
}
