import { describe, expect, it } from 'vitest'
import { drawImage, pixelAt } from '../../../test/support/sample-photos.ts'
import { attackNames, drawAttack } from '../../liveness/attacks.ts'
import { type Camera, drawMesh } from '../../liveness/draw-mesh.ts'
import { sheetOf } from '../../liveness/sheet.ts'

const photo = drawImage(120, 100, (x, y) => [x * 2, y * 2, (x + y) % 256])
const face = { middle: [60, 50], size: 30 } as const
const straight: Camera = {
  yaw: 0,
  pitch: 0,
  roll: 0,
  distance: 1e6,
  scale: face.size,
  middle: face.middle,
  distortion: 0,
}

describe('drawMesh', () => {
  it('draws a flat sheet seen from straight ahead as the photo is', () => {
    const canvas = drawImage(120, 100, () => [0, 0, 0])
    drawMesh(canvas, photo, sheetOf(photo, face), straight)
    for (const [x, y] of [
      [5, 5],
      [60, 50],
      [110, 90],
    ] as const) {
      const [seen, was] = [pixelAt(canvas, x, y), pixelAt(photo, x, y)]
      expect(Math.abs(seen[0]! - was[0]!)).toBeLessThanOrEqual(1)
      expect(Math.abs(seen[1]! - was[1]!)).toBeLessThanOrEqual(1)
    }
  })

  it('draws what is nearer before what is behind it', () => {
    const canvas = drawImage(120, 100, () => [0, 0, 0])
    // Rolled up so far that its edges come back behind its middle.
    const roll = sheetOf(photo, face, { kind: 'cylinder', angle: 0, amount: 0.6, offset: 0 })
    drawMesh(canvas, photo, roll, straight)
    expect(Math.abs(pixelAt(canvas, 60, 50)[0]! - 120)).toBeLessThanOrEqual(2)
    expect([...pixelAt(canvas, 20, 50)]).toEqual([0, 0, 0])
  })

  it('makes a turned sheet narrower', () => {
    const width = (yaw: number): number => {
      const canvas = drawImage(120, 100, () => [0, 0, 0])
      drawMesh(
        canvas,
        drawImage(120, 100, () => [255, 255, 255]),
        sheetOf(photo, face),
        {
          ...straight,
          yaw,
        },
      )
      return Array.from({ length: 120 }, (_, x) => pixelAt(canvas, x, 50)[0]!).filter(Boolean)
        .length
    }
    expect(width(0)).toBe(120)
    expect(Math.abs(width(60) - 60)).toBeLessThanOrEqual(2)
  })
})

describe('drawAttack', () => {
  it.each(attackNames)('draws "%s" by its seed, and leaves the photo as it was', (name) => {
    const before = photo.data.slice()
    const drawn = drawAttack(name, photo, face, 7, 'turned')
    expect(drawAttack(name, photo, face, 7, 'turned').data).toEqual(drawn.data)
    expect(drawAttack(name, photo, face, 8, 'turned').data).not.toEqual(drawn.data)
    expect(photo.data).toEqual(before)
  })
})
