import { describe, expect, it } from 'vitest'
import { plotSvg } from '../../plots/plot-svg.ts'

const plot = (more: Partial<Parameters<typeof plotSvg>[0]> = {}): string =>
  plotSvg({
    title: 'Loss',
    x: { label: 'epoch' },
    y: { label: 'loss' },
    lines: [
      {
        label: 'mean',
        points: [
          [1, 0.5],
          [2, 0.25],
          [3, 0.125],
        ],
      },
    ],
    ...more,
  })

/** Texts in the order in which they are drawn. */
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!)

const pathsOf = (svg: string): string[] =>
  [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, d]) => d!)

describe('plotSvg', () => {
  it('has title, axes, ticks and legend on a white ground', () => {
    const svg = plot()
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 720 440"/)
    expect(svg).toContain('<rect width="720" height="440" fill="#fff"/>')
    const texts = textsOf(svg)
    for (const text of ['Loss', 'epoch', 'loss', 'mean', '1', '2', '3', '0.2', '0.4']) {
      expect(texts).toContain(text)
    }
  })

  it('puts the least value left and below, the greatest right and above', () => {
    const range = [0, 1] as const
    const svg = plot({
      x: { label: 'x', range },
      y: { label: 'y', range },
      lines: [
        {
          label: 'diagonal',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    })
    expect(pathsOf(svg)).toEqual(['M72 382L696 44'])
  })

  it('spaces powers of ten evenly on a logarithmic axis, and leaves out what is not above 0', () => {
    const svg = plot({
      x: { label: 'rate', scale: 'log', range: [0.0001, 1] },
      y: { label: 'y', range: [0, 1] },
      lines: [
        {
          label: 'roc',
          points: [
            [0, 0],
            [0.0001, 0],
            [0.01, 0.5],
            [1, 1],
          ],
        },
      ],
    })
    expect(pathsOf(svg)).toEqual(['M72 382L384 213L696 44'])
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['1e-4', '0.001', '0.01', '0.1', '1']))
  })

  it('breaks a line where a value is missing', () => {
    const svg = plot({
      x: { label: 'x', range: [0, 3] },
      y: { label: 'y', range: [0, 1] },
      lines: [
        {
          label: 'gap',
          points: [
            [0, 0],
            [1, Number.NaN],
            [2, 0],
            [3, 1],
          ],
        },
      ],
    })
    expect(pathsOf(svg)).toEqual(['M72 382M488 382L696 44'])
  })

  it('gives lines colours of their own, and dashes where asked', () => {
    const points = [
      [0, 0],
      [1, 1],
    ] as const
    const svg = plot({
      lines: [
        { label: 'one', points },
        { label: 'two', points, dashed: true },
      ],
    })
    const strokes = [...svg.matchAll(/<path [^>]*stroke="(#\w+)"[^>]*>/g)]
    expect(new Set(strokes.map(([, colour]) => colour)).size).toBe(2)
    expect(strokes.map(([path]) => path.includes('stroke-dasharray'))).toEqual([false, true])
  })

  it('escapes what has a meaning in XML', () => {
    expect(textsOf(plot({ title: 'a < b & c > d' }))).toContain('a &lt; b &amp; c &gt; d')
  })

  it('draws a line without points, and one with a single value', () => {
    expect(pathsOf(plot({ lines: [{ label: 'none', points: [] }] }))).toEqual([''])
    expect(pathsOf(plot({ lines: [{ label: 'one', points: [[3, 7]] }] }))).toEqual(['M384 213'])
  })

  it.each(['left top', 'left bottom', 'right top', 'right middle', 'right bottom'] as const)(
    'keeps the legend in the plot, %s',
    (legend) => {
      const [, x, y, boxWidth, boxHeight] =
        /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="(\d+)" fill="#fff" fill-opacity/
          .exec(plot({ legend }))!
          .map(Number) as [number, number, number, number, number]
      expect(x).toBeGreaterThanOrEqual(72)
      expect(y).toBeGreaterThanOrEqual(44)
      expect(x + boxWidth).toBeLessThanOrEqual(696)
      expect(y + boxHeight).toBeLessThanOrEqual(382)
    },
  )
})
