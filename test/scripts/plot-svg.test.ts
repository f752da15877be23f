import { describe, expect, it } from 'vitest'
import { type Plot, plotSvg } from '../../scripts/plot-svg.ts'

const plot: Plot = {
  title: 'Title',
  x: { label: 'across' },
  y: { label: 'up' },
  lines: [
    {
      label: 'a < b',
      points: [
        [0, 0],
        [1, 10],
      ],
    },
  ],
}

function pathsOf(svg: string): string[] {
  return [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, path]) => path)
}

describe('plotSvg', () => {
  it('says title, axes and lines, with what XML would misread written out', () => {
    const svg = plotSvg(plot)
    for (const text of ['>Title<', '>across<', '>up<', '>a &lt; b<']) expect(svg).toContain(text)
    expect(svg).not.toContain('a < b')
  })

  it('joins the points of a line, and interrupts it at what is not finite', () => {
    expect(pathsOf(plotSvg(plot))[0]).toMatch(/^M[\d.]+ [\d.]+L[\d.]+ [\d.]+$/)
    const points = [
      [0, 0],
      [1, Number.NaN],
      [2, 5],
      [3, 6],
    ] as const
    const [path] = pathsOf(plotSvg({ ...plot, lines: [{ label: 'gap', points }] }))
    expect(path.replace(/[\d. ]+/g, '')).toBe('MML')
  })

  it('draws nothing at 0 on a logarithmic axis', () => {
    const points = [
      [0, 1],
      [0.01, 2],
      [0.1, 3],
    ] as const
    const x = { label: 'across', scale: 'log' } as const
    const svg = plotSvg({ ...plot, x, lines: [{ label: 'log', points }] })
    expect(pathsOf(svg)[0].replace(/[\d. ]+/g, '')).toBe('ML')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  it('is a plot all the same without a point', () => {
    const svg = plotSvg({ ...plot, lines: [{ label: 'none', points: [] }] })
    expect(svg).toContain('>across<')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})
