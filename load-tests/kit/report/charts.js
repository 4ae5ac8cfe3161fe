/* Draws the charts of the report; the page holds this text, the data and uPlot. */
/* global uPlot */
const { series, quantiles, darkness, memory, labels, words } = JSON.parse(
  document.getElementById('data').textContent,
)
/* Topmost first. */
const OUTCOME_COLOURS = { unclear: 'bad', unsent: 'note', refused: 'warn', yes: 'good' }
const SPENDER_COLOURS = { rest: 'grey', counterpart: 'note', commit: 'extra', queue: 'warn', own: 'good' }
const HEIGHT = 240
const SMALL_HEIGHT = 130

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
const label = ({ zh, en }) => `${zh} ${en}`

function figure(value) {
  if (value == null) return '–'
  if (value === 0) return '0'
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value >= 10 ? value.toFixed(1) : value.toPrecision(3)))
}

function duration(ms) {
  if (ms == null) return '–'
  return ms >= 1000 ? `${figure(ms / 1000)} s` : `${figure(ms)} ms`
}

function clock(seconds) {
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** Shades the stretch in which an endpoint was dark. */
function shade(plot) {
  if (!darkness) return
  const [from, until] = darkness.map((second) => plot.valToPos(second, 'x', true))
  const { left, top, width, height } = plot.bbox
  const start = Math.max(left, from)
  const end = Math.min(left + width, until)
  plot.ctx.save()
  plot.ctx.fillStyle = colour('shade')
  plot.ctx.fillRect(start, top, Math.max(0, end - start), height)
  if (plot.height === HEIGHT) {
    plot.ctx.fillStyle = colour('soft')
    plot.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
    plot.ctx.fillText('停止应答 dark', start + 6 * devicePixelRatio, top + 14 * devicePixelRatio)
  }
  plot.ctx.restore()
}

function axes(valueText, log) {
  const look = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } }
  return [
    { ...look, values: (_, ticks) => ticks.map(clock) },
    {
      ...look,
      size: 62,
      values: (_, ticks) => ticks.map((tick) => (tick == null ? '' : valueText(tick))),
      ...(log ? { splits: decades } : {}),
    },
  ]
}

function line(name, tone, more = {}) {
  return { label: name, stroke: colour(tone), width: 1.75, points: { show: false }, ...more }
}

const timeOf = (_, value) => (value == null ? '–' : clock(value))

function overTime(lines, valueText, { log = false, height = HEIGHT } = {}) {
  return {
    height,
    scales: {
      x: { time: false },
      y: log ? { distr: 3 } : { range: (_, _low, high) => [0, (high || 1) * 1.05] },
    },
    axes: axes(valueText, log),
    cursor: { sync: { key: 'run' }, points: { size: 6 } },
    legend: { markers: { width: 0, fill: (plot, index) => plot.series[index].stroke() } },
    hooks: { drawClear: [shade] },
    series: [{ label: '时刻 at', value: timeOf }, ...lines],
  }
}

/**
 * Areas on top of one another, the topmost first: each is drawn from its sum down, and the ones below it over it. So one
 * that is nothing cannot be seen. The legend tells each by itself.
 */
function stacked(names, lineOf, look) {
  const raw = names.map(lineOf)
  const sums = []
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const below = sums[index + 1]
    sums[index] = raw[index].map((value, at) => (value == null ? null : value + (below?.[at] ?? 0)))
  }
  const lines = names.map((name, index) => {
    const { text, tone, valueText } = look(name)
    const value = (_, _sum, _series, at) => (at == null ? '–' : valueText(raw[index][at]))
    return line(text, tone, { width: 1, fill: colour(tone), value })
  })
  return { data: [series.seconds, ...sums], lines }
}

/** Powers of ten between the ends of a logarithmic scale. */
function decades(_plot, _axis, least, most) {
  const from = Math.ceil(Math.log10(least) - 1e-9)
  const until = Math.floor(Math.log10(most) + 1e-9)
  return Array.from({ length: Math.max(1, until - from + 1) }, (_, index) => 10 ** (from + index))
}

function rate() {
  const value = (_, own) => figure(own)
  const lines = [
    line('计划就诊 visits planned', 'grey', { dash: [6, 4], value }),
    line('就诊 visits', 'good', { value }),
    line('报文发出 sent', 'note', { value }),
    line('报文答复 answered', 'warn', { value }),
  ]
  return [overTime(lines, figure), [series.seconds, series.planned, series.visits, series.sent, series.ended]]
}

function latency() {
  const value = (_, own) => duration(own)
  const lines = [
    line('p99.9', 'bad', { value }),
    line('p99', 'warn', { value }),
    line('p50', 'good', { value }),
  ]
  return [overTime(lines, duration, { log: true }), [series.seconds, series.p999, series.p99, series.p50]]
}

function spent() {
  const names = Object.keys(SPENDER_COLOURS)
  const { data, lines } = stacked(
    names,
    (name) => series.spent[name],
    (name) => ({ text: label(words.spenders[name]), tone: SPENDER_COLOURS[name], valueText: duration }),
  )
  return [overTime(lines, duration), data]
}

function outcomes(destination) {
  const names = Object.keys(OUTCOME_COLOURS)
  const { data, lines } = stacked(
    names,
    (name) => series.outcomes[destination][name],
    (name) => ({ text: words.outcomes[name].zh, tone: OUTCOME_COLOURS[name], valueText: figure }),
  )
  return [overTime(lines, figure, { height: SMALL_HEIGHT }), data]
}

/** How rare a message is, as the share that is faster: 10 is 90 %. */
function rarity(times) {
  if (times <= 1) return '0 %'
  return `${((1 - 1 / times) * 100).toFixed(Math.max(0, Math.round(Math.log10(times)) - 2))} %`
}

function quantilePlot() {
  const tones = ['ink', 'bad', 'note', 'extra']
  const names = Object.keys(quantiles.groups)
  const lines = names.map((name, index) =>
    line(labels[name], tones[index % tones.length], { value: (_, own) => duration(own) }),
  )
  const look = overTime(lines, duration, { log: true })
  const [x, y] = look.axes
  const share = (_, value) => (value == null ? '–' : `${((1 - 1 / value) * 100).toPrecision(5)} %`)
  return [
    {
      ...look,
      scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
      axes: [{ ...x, splits: decades, values: (_, ticks) => ticks.map(rarity) }, y],
      cursor: { points: { size: 6 } },
      hooks: {},
      series: [{ label: '快于 faster than', value: share }, ...lines],
    },
    [quantiles.shares.map((own) => 1 / (1 - own)), ...names.map((name) => quantiles.groups[name])],
  ]
}

function memoryPlot() {
  const text = (bytes) => (bytes == null ? '–' : `${figure(bytes)} MiB`)
  const lines = [line('常驻 resident', 'note', { value: (_, own) => text(own) })]
  const data = [memory.map(({ atMs }) => atMs / 1000), memory.map(({ bytes }) => bytes / 2 ** 20)]
  return [overTime(lines, figure), data]
}

const PLOTS = { rate, latency, spent, quantiles: quantilePlot, memory: memoryPlot }
const widths = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const { plot } = target
    if (plot && contentRect.width > 0) plot.setSize({ width: contentRect.width, height: plot.height })
  }
})

function draw(element, [look, data]) {
  element.plot?.destroy()
  element.plot = new uPlot({ ...look, width: element.clientWidth || 600 }, data, element)
  widths.observe(element)
}

function drawAll() {
  for (const [id, plotOf] of Object.entries(PLOTS)) {
    const element = document.getElementById(id)
    if (element) draw(element, plotOf())
  }
  const grid = document.getElementById('outcomes')
  for (const destination of Object.keys(series.outcomes)) {
    const id = `outcomes ${destination}`
    let element = document.getElementById(id)
    if (!element) {
      const own = document.createElement('figure')
      const head = document.createElement('h3')
      head.textContent = labels[destination]
      element = document.createElement('div')
      element.id = id
      own.append(head, element)
      grid.append(own)
    }
    draw(element, outcomes(destination))
  }
}

drawAll()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)
