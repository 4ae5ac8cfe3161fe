/**
 * Charts as SVG, written on the server: they stand without a script and print. Each has a name and a text that says what it
 * shows; whoever shows one puts the table of its numbers beside it. Pure functions of numbers; colours are classes of the style.
 */
import { html } from 'hono/html'

/** A piece of a page. */
export type Html = ReturnType<typeof html>

/** A point of a chart. */
export interface ChartPoint {
  readonly label: string
  readonly value: number
}

/** What every chart is told. */
export interface Chart {
  /** Its name, for who does not see it. */
  readonly title: string
  /** What it shows in one sentence. */
  readonly text: string
}

const WIDTH = 640
const HEIGHT = 220
const LEFT = 70
const BOTTOM = 26
const TOP = 14
const INNER = { width: WIDTH - LEFT - 8, height: HEIGHT - TOP - BOTTOM }
/** Labels below an axis, at most. */
const LABELS_MAX = 8

const round = (value: number) => Math.round(value * 100) / 100
/** `1234567.8` → `1,234,567.8` */
const shown = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 })

/** A round number at or above a greatest value, to end an axis at. @returns `1`, `2` or `5` times a power of ten; 1 for nothing */
export function axisEnd(greatest: number): number {
  if (!(greatest > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(greatest))
  return [1, 2, 5, 10].map((factor) => factor * power).find((end) => end >= greatest)!
}

function frame({ title, text }: Chart, end: number, begin: number, inner: unknown): Html {
  const yOf = scale(begin, end)
  const middle = begin + (end - begin) / 2
  const rules = [begin, middle, end].map(
    (value) => html`<line class="rule" x1="${LEFT}" x2="${WIDTH - 8}" y1="${yOf(value)}" y2="${yOf(value)}"/>
<text class="axis" text-anchor="end" x="${LEFT - 6}" y="${yOf(value) + 4}">${shown(value)}</text>`,
  )
  return html`<svg class="chart" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-label="${title}：${text}"><title>${title}</title><desc>${text}</desc>
${rules}${inner}</svg>`
}

const scale = (begin: number, end: number) => (value: number) =>
  round(TOP + INNER.height * (1 - (value - begin) / (end - begin)))

/** Labels of points below the axis, so many that none covers another. */
function labels(points: readonly ChartPoint[], xOf: (index: number) => number) {
  const each = Math.max(1, Math.ceil(points.length / LABELS_MAX))
  return points.map(({ label }, index) =>
    index % each === 0
      ? html`<text class="axis" text-anchor="middle" x="${xOf(index)}" y="${HEIGHT - 8}">${label}</text>`
      : '',
  )
}

/** Bars from zero. Values below zero are drawn as nothing. */
export function barChart(chart: Chart, points: readonly ChartPoint[]): Html {
  const end = axisEnd(Math.max(0, ...points.map(({ value }) => value)))
  const yOf = scale(0, end)
  const step = INNER.width / Math.max(1, points.length)
  const wide = round(Math.max(1, step * 0.7))
  const xOf = (index: number) => round(LEFT + step * (index + 0.5))
  const bars = points.map(({ label, value }, index) => {
    const y = yOf(Math.max(0, value))
    return html`<rect class="bar" x="${round(xOf(index) - wide / 2)}" y="${y}" width="${wide}" height="${round(TOP + INNER.height - y)}"><title>${label} ${shown(value)}</title></rect>`
  })
  return frame(chart, end, 0, [bars, labels(points, xOf)])
}

/** A line over time; where a value is null there is a gap. @param target drawn across; null for none */
export function lineChart(
  chart: Chart,
  points: readonly { readonly label: string; readonly value: number | null }[],
  target: ChartPoint | null = null,
): Html {
  const known = points.flatMap(({ value }) => (value === null ? [] : [value]))
  const end = axisEnd(Math.max(0, target?.value ?? 0, ...known))
  const yOf = scale(0, end)
  const xOf = (index: number) => round(LEFT + (INNER.width * (index + 0.5)) / Math.max(1, points.length))
  let drawing = false
  const path = points
    .map(({ value }, index) => {
      const step = value === null ? '' : `${drawing ? 'L' : 'M'}${xOf(index)} ${yOf(value)}`
      drawing = value !== null
      return step
    })
    .join('')
  const dots = points.map(({ label, value }, index) =>
    value === null
      ? ''
      : html`<circle class="dot" cx="${xOf(index)}" cy="${yOf(value)}" r="3"><title>${label} ${shown(value)}</title></circle>`,
  )
  const line =
    target === null
      ? ''
      : html`<line class="target" x1="${LEFT}" x2="${WIDTH - 8}" y1="${yOf(target.value)}" y2="${yOf(target.value)}"/><text class="target-text" text-anchor="end" x="${WIDTH - 10}" y="${yOf(target.value) - 5}">${target.label} ${shown(target.value)}</text>`
  const all = points.map(({ label }) => ({ label, value: 0 }))
  return frame(chart, end, 0, [html`<path class="line" d="${path}"/>`, dots, line, labels(all, xOf)])
}

/**
 * A waterfall: each step begins where the one before it ended, the last bar is the sum.
 *
 * @param steps amounts that are added, below zero where they are taken away
 * @param total label of the last bar
 */
export function waterfallChart(chart: Chart, steps: readonly ChartPoint[], total: string): Html {
  let sum = 0
  const bars = steps.map(({ label, value }) => {
    const from = sum
    sum += value
    return { label, value, from, to: sum }
  })
  bars.push({ label: total, value: sum, from: 0, to: sum })
  const heights = bars.flatMap(({ from, to }) => [from, to])
  const end = axisEnd(Math.max(0, ...heights))
  const lowest = Math.min(0, ...heights)
  const begin = lowest < 0 ? -axisEnd(-lowest) : 0
  const yOf = scale(begin, end)
  const step = INNER.width / bars.length
  const wide = round(step * 0.7)
  const xOf = (index: number) => round(LEFT + step * (index + 0.5))
  const drawn = bars.map(({ label, value, from, to }, index) => {
    const [top, bottom] = [yOf(Math.max(from, to)), yOf(Math.min(from, to))]
    const kind = index === bars.length - 1 ? 'bar' : value < 0 ? 'less' : 'more'
    return html`<rect class="${kind}" x="${round(xOf(index) - wide / 2)}" y="${top}" width="${wide}" height="${round(Math.max(1, bottom - top))}"><title>${label} ${shown(value)}</title></rect>`
  })
  return frame(chart, end, begin, [drawn, labels(bars, xOf)])
}

/** A share of a hundred as a bar, for a row of a table. @param target marked across it; null for none */
export function shareBar({ title, text }: Chart, percent: number, target: number | null): Html {
  const mark =
    target === null
      ? ''
      : html`<line class="target" x1="${round(target * 1.2)}" x2="${round(target * 1.2)}" y1="0" y2="14"/>`
  return html`<svg class="share" role="img" viewBox="0 0 120 14" aria-label="${title}：${text}"><title>${title}</title><desc>${text}</desc><rect class="rest" x="0" y="3" width="120" height="8"/><rect class="bar" x="0" y="3" width="${round(percent * 1.2)}" height="8"/>${mark}</svg>`
}
