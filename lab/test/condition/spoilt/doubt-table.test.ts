import { describe, expect, it } from 'vitest'
import { toDoubtTable } from '../../../condition/spoilt/doubt-table.ts'
import type { Try } from '../../../condition/spoilt/spoilt-table.ts'

const place = (x: number) => ({ place: { vector: Float32Array.of(x, 0, 0, 0), scale: 1 } })
/** A person whose sound photo is at `own`, and whose spoilt one is at `x`, in doubt and not enrolled. */
const doubted = (own: number, x: number, codes: Partial<Try> = {}): Try => ({
  own: place(own),
  seen: { probe: place(x), enrolled: place(x) },
  probeCode: 'face_shaken',
  enrollmentCode: 'face_shaken',
  isInDoubt: true,
  ...codes,
})

const cellsOf = (halves: readonly (readonly Try[])[]): string[] =>
  toDoubtTable([{ kind: 'shake', degree: '8 %', halves }], 1)
    .split('\n')[2]!
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1)

describe('the table of probes in doubt', () => {
  it('holds them against the stricter threshold, within their half', () => {
    const halves = [[doubted(0, 0.8), doubted(1.72, 0.95)], [doubted(0, 9)]]
    expect(cellsOf(halves)).toEqual([
      'shake',
      '8 %',
      '100.0 %',
      // From 0.8 to 1.72 and from 0.95 to 0: both farther than 0.9.
      '0.00 % of 2',
      '',
      '66.7 %',
      '0.0 %',
    ])
    const nearer = [[doubted(0, 0.8), doubted(1.69, 0.95)]]
    expect(cellsOf(nearer)[3]).toBe('50.00 % of 2')
  })

  it('compares them with photos spoilt alike only where those are enrolled', () => {
    const enrolled = doubted(5, 0.3, { enrollmentCode: null, probeCode: null, isInDoubt: false })
    expect(cellsOf([[doubted(0, 0.2), enrolled]]).slice(2)).toEqual([
      '50.0 %',
      '0.00 % of 1',
      '100.00 % of 1',
      '50.0 %',
      '0.0 %',
    ])
  })
})
