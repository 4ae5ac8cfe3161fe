/** Charts are SVG that says what it shows in words too, and whose marks lie where the numbers say. */
import { describe, expect, it } from 'vitest'
import { axisEnd, barChart, lineChart, waterfallChart } from '../../src/console/charts.ts'

const CHART = { title: '直结率', text: '三个月' }
const attributes = (svg: string, element: string, name: string) =>
  [...svg.matchAll(new RegExp(`<${element} [^>]*?\\b${name}="([^"]*)"`, 'g'))].map(([, value]) => value!)
const ofClass = (svg: string, name: string) => [...svg.matchAll(new RegExp(`class="${name}"`, 'g'))].length
const point = (label: string, value: number) => ({ label, value })

describe('axisEnd()', () => {
  it.each([
    [0, 1],
    [-3, 1],
    [Number.NaN, 1],
    [1, 1],
    [1.01, 2],
    [2.1, 5],
    [51, 100],
    [100, 100],
    [0.03, 0.05],
  ])('of %d is %d', (greatest, end) => expect(axisEnd(greatest)).toBeCloseTo(end, 9))
})

describe('every chart', () => {
  const points = [point('一月', 10), point('二月', 20)]
  it.each([
    ['bars', barChart(CHART, points)],
    ['line', lineChart(CHART, points)],
    ['waterfall', waterfallChart(CHART, points, '合计')],
  ])('has a role, a name and a text: %s', async (_name, made) => {
    const svg = String(await made)
    expect(svg).toMatch(/^<svg [^>]*role="img" [^>]*aria-label="直结率：三个月">/)
    expect(svg).toContain('<title>直结率</title><desc>三个月</desc>')
    expect(svg).not.toMatch(/style=|<script|NaN|Infinity|undefined/)
  })

  it.each([
    ['bars', (all: never[]) => barChart(CHART, all)],
    ['line', (all: never[]) => lineChart(CHART, all)],
    ['waterfall', (all: never[]) => waterfallChart(CHART, all, '合计')],
  ])('of nothing is a chart: %s', async (_name, make) => {
    expect(String(await make([]))).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('lets no label out of its text', async () => {
    const svg = String(await barChart({ title: '<b>', text: '"' }, [point('<script>', 1)]))
    expect(svg).not.toMatch(/<b>|<script/)
    expect(svg).toContain('&lt;script&gt;')
  })
})

describe('barChart()', () => {
  it('draws heights in the ratio of the values', async () => {
    const svg = String(await barChart(CHART, [point('a', 50), point('b', 25), point('c', 0)]))
    const heights = attributes(svg, 'rect', 'height').map(Number)
    expect(heights).toEqual([180, 90, 0])
  })

  it('writes no more labels than there is room for', async () => {
    const many = Array.from({ length: 60 }, (_, index) => point(`m${index}`, 1))
    expect([...String(await barChart(CHART, many)).matchAll(/>m\d+<\/text>/g)]).toHaveLength(8)
  })
})

describe('lineChart()', () => {
  it('draws the target across, and a gap where nothing is known', async () => {
    const points = [point('a', 1), { label: 'b', value: null }, point('c', 3), point('d', 5)]
    const svg = String(await lineChart(CHART, points, point('目标', 5)))
    expect(attributes(svg, 'path', 'd')[0]!.match(/[ML]/g)!.join('')).toBe('MML')
    expect(ofClass(svg, 'dot')).toBe(3)
    // The last point lies on the target.
    const target = /class="target" [^>]*y1="([\d.]+)"/.exec(svg)![1]
    expect(attributes(svg, 'circle', 'cy').at(-1)).toBe(target)
  })

  it('keeps room for a target above every value', async () => {
    const svg = String(await lineChart(CHART, [point('a', 40)], point('目标', 90)))
    expect(Number(/class="target" [^>]*y1="([\d.]+)"/.exec(svg)![1])).toBeGreaterThanOrEqual(14)
  })
})

describe('waterfallChart()', () => {
  it('begins each step where the one before it ended, and ends with the sum', async () => {
    const svg = String(await waterfallChart(CHART, [point('a', 80), point('b', -30)], '合计'))
    const [ys, heights] = [attributes(svg, 'rect', 'y'), attributes(svg, 'rect', 'height')]
    expect(heights.map(Number)).toEqual([144, 54, 90])
    // The loss hangs from the top of the gain; the sum is as high as the loss is deep.
    expect(ys[1]).toBe(ys[0])
    expect(Number(ys[2])).toBe(Number(ys[1]) + 54)
    expect([ofClass(svg, 'more'), ofClass(svg, 'less'), ofClass(svg, 'bar')]).toEqual([1, 1, 1])
  })

  it('goes below zero', async () => {
    const svg = String(await waterfallChart(CHART, [point('a', -30)], '合计'))
    expect(svg).toContain('>-50<')
  })
})
