import { describe, expect, it } from 'vitest'
import type { Measurement } from '../../accuracy/measure.ts'
import { reportMarkdown, reportPlots } from '../../accuracy/report.ts'

const origin = {
  title: 'Accuracy',
  command: 'npm run evaluate -- --images people',
  date: '2026-05-04',
  model: 'made-up@00000000',
  metric: 'The metric is made up.',
}
const measurement: Measurement = {
  photos: 2_320,
  people: 1_100,
  missed: 4,
  notEnrollable: 2,
  genuinePairs: 900,
  impostorPairs: 5_300_000,
  accuracy: {
    mean: 0.9912,
    standardError: 0.0021,
    folds: [
      { fold: 1, accuracy: 0.99, threshold: 0.4321 },
      { fold: 2, accuracy: 0.9924, threshold: 0.4444 },
    ],
  },
  auc: 0.99876,
  equalErrorRate: 0.0123,
  rates: [{ fmr: 0.001, threshold: 0.41234, fnmr: 0.0456, fnmrInterval: [0.03, 0.06] }],
  promises: [[{ fmr: 0.01, threshold: 0.47, measuredFmr: 0.0125, measuredFnmr: 0.02 }]],
}

describe('reportMarkdown', () => {
  const page = reportMarkdown(origin, measurement)

  it.each([
    '# Accuracy',
    '`npm run evaluate -- --images people`, 2026-05-04, `made-up@00000000`. The metric is made up.',
    '2,320 photos of 1,100 people; 900 pairs of one person, 5,300,000 of two',
    '| failure to acquire | 0.17 % (4 of 2,320 photos), never a match below |',
    '| 99.12 % ± 0.21 % |',
    '| area under the ROC curve, listed pairs | 0.99876 |',
    '| equal error rate | 1.23 % |',
    '| FNMR at FMR 0.001 | 4.56 % (95 %: 3.00 % to 6.00 %), distance 0.4123 |',
    '| 2 | 99.24 % | 0.4444 |',
    '| 1 | 0.01 | 0.0125 | 1.25 | 2.00 % | 0.4700 |',
  ])('says "%s"', (text) => {
    expect(page).toContain(text)
  })

  it('is silent on what was not measured', () => {
    const bare = { ...measurement, accuracy: null, auc: null, equalErrorRate: null, promises: [] }
    const page = reportMarkdown(origin, bare)
    for (const absent of ['accuracy of', 'ROC', 'equal error', '| fold', 'Calibrated', 'null']) {
      expect(page).not.toContain(absent)
    }
  })
})

describe('reportPlots', () => {
  const near = Array.from({ length: 60 }, (_, i) => ({
    distance: 0.4 + i / 1_000,
    enrolled: 0,
    probe: 1,
  }))
  const histogram = new Uint32Array(200)
  histogram[90] = 2_000
  const genuine = [0.2, 0.41, 0.45, null].map((distance, person) => ({ person, distance }))
  const scored = { measurement, genuine, impostors: { pairs: 2_000, near, histogram, people: [] } }

  it('are three files of SVG, and a fourth with the discard curves', () => {
    expect([...reportPlots(scored, []).keys()]).toEqual(['roc.svg', 'det.svg', 'distances.svg'])
    const points = [[0, 0.01] as const, [0.2, 0] as const]
    const plots = reportPlots(scored, [{ measure: 'sharpness', points }])
    expect([...plots.keys()]).toEqual(['roc.svg', 'det.svg', 'distances.svg', 'discard.svg'])
    for (const svg of plots.values()) {
      expect(svg.startsWith('<svg ')).toBe(true)
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    }
    expect(plots.get('discard.svg')).toContain('sharpness')
  })
})
