import { describe, expect, it } from 'vitest'
import type { ComparedFace } from '../../../accuracy/rates/held-distance.ts'
import { type Try, toSpoiltTable } from '../../../condition/spoilt/spoilt-table.ts'

const place = (x: number) => ({ place: { vector: Float32Array.of(x, 0, 0, 0), scale: 1 } })
/** Enrolled and probed at `x`; the same person's other photo is at 0. */
const tried = (x: number, codes: Partial<Try> = {}): Try => ({
  own: place(0),
  seen: { probe: place(x), enrolled: place(x) },
  probeCode: null,
  enrollmentCode: null,
  ...codes,
})

const cellsOf = (halves: readonly (readonly Try[])[]): string[] =>
  toSpoiltTable([{ kind: 'mask', degree: 'low', halves }], 1)
    .split('\n')[2]!
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1)

describe('the table of photos spoilt alike', () => {
  it('counts strangers within a half, right people by what they learn', () => {
    // Within 1 of each other are the first two of the first half; those of the second are as far from 0, and alone.
    const halves = [[tried(0.2), tried(0.5), tried(9)], [tried(5)]]
    expect(cellsOf(halves)).toEqual([
      'mask',
      'low',
      '33.33 %',
      '33.33 %',
      '0.0 %',
      '50.0 %',
      '0.0 %',
      '50.0 %',
    ])
  })

  it('counts none of whom the gate keeps one out, as enrolled or as a probe', () => {
    const code = 'face_mouth_covered'
    const neither = [tried(0.2, { enrollmentCode: code }), tried(0.5, { enrollmentCode: code })]
    expect(cellsOf([neither]).slice(2, 5)).toEqual(['100.00 %', '0.00 %', '100.0 %'])
    const asProbe = [tried(0.2, { probeCode: code }), tried(0.5)]
    expect(cellsOf([asProbe]).slice(2)).toEqual([
      '100.00 %',
      '50.00 %',
      '0.0 %',
      '50.0 %',
      '50.0 %',
      '0.0 %',
    ])
  })

  it('holds a fully suspect probe strictly against photos that are suspect too, and against no other', () => {
    const suspicion = { probe: 1, enrollment: 1 }
    const suspect = (x: number) => ({ ...place(x), suspicion })
    const seen = (x: number) => ({ seen: { probe: suspect(x), enrolled: suspect(x) } })
    const sound = { ...place(0), suspicion: { enrollment: 0 } }
    const cells = (own: ComparedFace) =>
      cellsOf([[tried(0.95, { ...seen(0.95), own }), tried(0, { ...seen(0), own })]])
    const [, , before, after, , right, , refused] = cells(suspect(0))
    expect([before, after]).toEqual(['100.00 %', '0.00 %'])
    expect([right, refused]).toEqual(['50.0 %', '50.0 %'])
    expect(cells(sound)[5]).toBe('100.0 %')
  })

  it('counts a photo without a face as told, and as nobody who matches', () => {
    const none = { seen: null, probeCode: 'no_face', enrollmentCode: 'no_face' }
    const [, , before, , notEnrolled, , told] = cellsOf([[tried(0), tried(0, none)]])
    expect([before, notEnrolled, told]).toEqual(['0.00 %', '50.0 %', '50.0 %'])
  })
})
