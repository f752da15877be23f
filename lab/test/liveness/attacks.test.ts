import { describe, expect, it } from 'vitest'
import { drawImage, pixelAt } from '../../../test/support/photos/sample-photos.ts'
import { attackNames, drawAttack } from '../../liveness/drawn/attacks.ts'
import { type Camera, drawMesh, drawMeshes } from '../../liveness/drawn/draw-mesh.ts'
import { headOf } from '../../liveness/drawn/model-head.ts'
import { maskOf, sheetOf } from '../../liveness/drawn/sheet.ts'

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
    const held = { photo, face }
    const drawn = drawAttack(name, held, held, 7, 'turned')
    expect(drawAttack(name, held, held, 7, 'turned').data).toEqual(drawn.data)
    expect(drawAttack(name, held, held, 8, 'turned').data).not.toEqual(drawn.data)
    expect(photo.data).toEqual(before)
  })

  it('shows the nose of the attacker, and no other part of the face, through the hole for the nose', () => {
    const plain = (tone: number) => drawImage(120, 100, () => [tone, tone, tone])
    const attacker = { photo: plain(0), face }
    const canvas = plain(128)
    const bend = { kind: 'cylinder', angle: 0, amount: 1, offset: 0 } as const
    const layers = [
      { photo: attacker.photo, mesh: headOf(attacker.photo, face) },
      { photo: plain(255), mesh: maskOf(plain(255), face, bend, ['nose']) },
    ]
    drawMeshes(canvas, layers, straight)
    const at = (x: number, y: number) =>
      pixelAt(canvas, Math.round(60 + x * face.size), Math.round(50 + y * face.size))[0]
    expect(at(0, -0.05)).toBe(0)
    for (const [x, y] of [
      [0.35, -0.45],
      [-0.35, -0.45],
      [0, 0.42],
      [0.5, 0.1],
      [0, -0.65],
    ] as const) {
      expect(at(x, y), `${x} ${y}`).toBe(255)
    }
    // Around the mask there is the head again.
    expect(at(1.1, 0)).toBe(0)
  })
})
