/* Draws the charts of the report; the page holds this text, the data and uPlot. */
/* global uPlot */
const { series, quantiles, darkness, memory, labels, words } = JSON.parse(
  document.getElementById('data').textContent,
)
const OUTCOME_COLOURS = { yes: 'good', refused: 'warn', unsent: 'note', unclear: 'bad' }
const SPENDER_COLOURS = {
  own: 'good',
  queue: 'warn',
  commit: 'extra',
  counterpart: 'note',
  rest: 'grey',
}
const HEIGHT = 240
const SMALL_HEIGHT = 130

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
const label = ({ zh, en }) => `${zh} ${en}`

function figure(value) {
  if (value == null) return '–'
  if (value === 0) return '0'
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return value >= 10 ? value.toFixed(1) : String(Number(value.toPrecision(3)))
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
  plot.ctx.restore()
}

function axes(valueText) {
  const look = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } }
  return [
    { ...look, values: (_, ticks) => ticks.map(clock) },
    { ...look, size: 62, values: (_, ticks) => ticks.map((tick) => (tick == null ? '' : valueText(tick))) },
  ]
}

function line(name, tone, more = {}) {
  return { label: name, stroke: colour(tone), width: 1.75, points: { show: false }, ...more }
}

const timeOf = (_, value) => (value == null ? '–' : clock(value))

function overTime(lines, valueText, { log = false, height = HEIGHT, more = {} } = {}) {
  return {
    height,
    scales: {
      x: { time: false },
      y: log ? { distr: 3 } : { range: (_, _low, high) => [0, (high || 1) * 1.05] },
    },
    axes: axes(valueText),
    cursor: { sync: { key: 'run' }, points: { size: 6 } },
    legend: { markers: { width: 0, fill: (plot, index) => plot.series[index].stroke() } },
    hooks: { drawClear: [shade] },
    series: [{ label: '时刻 at', value: timeOf }, ...lines],
    ...more,
  }
}

/** Lines on top of one another; the legend tells each by itself. */
function stacked(names, lineOf, look) {
  const raw = names.map(lineOf)
  const sums = []
  for (const [index, own] of raw.entries()) {
    const below = sums[index - 1]
    sums.push(own.map((value, at) => (value == null ? null : value + (below?.[at] ?? 0))))
  }
  const lines = names.map((name, index) => {
    const { text, tone, valueText } = look(name)
    return line(text, tone, {
      width: 1,
      fill: index === 0 ? `${colour(tone)}99` : undefined,
      value: (_, _sum, _series, at) => (at == null ? '–' : valueText(raw[index][at])),
    })
  })
  const bands = names.slice(1).map((name, index) => ({
    series: [index + 2, index + 1],
    fill: `${colour(look(name).tone)}99`,
  }))
  return { data: [series.seconds, ...sums], lines, bands }
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
    line('p50', 'good', { value }),
    line('p99', 'warn', { value }),
    line('p99.9', 'bad', { value }),
  ]
  return [overTime(lines, duration, { log: true }), [series.seconds, series.p50, series.p99, series.p999]]
}

function spent() {
  const names = Object.keys(SPENDER_COLOURS)
  const { data, lines, bands } = stacked(
    names,
    (name) => series.spent[name],
    (name) => ({ text: label(words.spenders[name]), tone: SPENDER_COLOURS[name], valueText: duration }),
  )
  return [overTime(lines, duration, { more: { bands } }), data]
}

function outcomes(destination) {
  const names = Object.keys(OUTCOME_COLOURS)
  const { data, lines, bands } = stacked(
    names,
    (name) => series.outcomes[destination][name],
    (name) => ({ text: words.outcomes[name].zh, tone: OUTCOME_COLOURS[name], valueText: figure }),
  )
  return [overTime(lines, figure, { height: SMALL_HEIGHT, more: { bands } }), data]
}

/** How rare a message is, as the share that is faster: 10 is 90 %. */
function rarity(times) {
  if (times == null) return ''
  const digits = Math.round(Math.log10(times))
  if (Math.abs(times - 10 ** digits) > times / 1000) return ''
  return digits === 0 ? '0 %' : `${((1 - 1 / times) * 100).toFixed(Math.max(0, digits - 2))} %`
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
      axes: [{ ...x, values: (_, ticks) => ticks.map(rarity) }, y],
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
