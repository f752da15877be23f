import { describe, expect, it } from 'vitest'
import { closeViews } from '../../../src/engine/stages/close-views.ts'
import type { View } from '../../../src/engine/stages/view.ts'
import type { FoundFace } from '../../../src/face/detect.ts'
import type { DecodedPhoto } from '../../../src/image/decode/decode.ts'
import type { Rectangle } from '../../../src/image/resize.ts'
import { faceAt } from '../../support/faces/upright-face.ts'
import { drawImage } from '../../support/photos/sample-photos.ts'

const shrink = 4
const image = drawImage(500, 400, () => [128, 128, 128])
const whole: View = { image, x: 0, y: 0, scale: shrink }

/** A photo of 2,000 x 1,600 pixels, and what was cut out of it. */
function photo() {
  const cut: Rectangle[] = []
  const opened: DecodedPhoto = {
    steps: [],
    mayWrap: false,
    restartBorders: () => [],
    transparencyOf: () => 0,
    onBlack: null,
    block: null,
    image,
    shrink,
    cut(regions) {
      cut.push(...regions)
      return regions.map(({ x, y }) => () => ({ image, x, y }))
    },
  }
  return { opened, cut }
}

/** Side by side, as many as fit. */
function crowd(side: number): FoundFace[] {
  const faces: FoundFace[] = []
  for (let y = side; y < 1600 - side; y += side) {
    for (let x = side; x < 2000 - side; x += side) faces.push(faceAt(x, y, side))
  }
  return faces
}

describe('closeViews', () => {
  it('sees a few small faces with the pixels that the photo has of them', () => {
    const { opened, cut } = photo()
    const faces = crowd(80).slice(0, 12)
    const views = closeViews(opened, whole, faces).map((open) => open())
    expect(cut).toHaveLength(12)
    for (const view of views) expect(view.scale).toBe(1)
  })

  it('cuts out no more than the photo twice over, however many faces there are', () => {
    const { opened, cut } = photo()
    const faces = crowd(80)
    expect(faces.length).toBeGreaterThan(300)
    const views = closeViews(opened, whole, faces).map((open) => open())
    expect(views).toHaveLength(faces.length)
    expect(views.filter(({ scale }) => scale === 1)).toHaveLength(cut.length)
    expect(views.at(-1)).toBe(whole)
    const area = cut.reduce((sum, { width, height }) => sum + width * height, 0)
    expect(area).toBeGreaterThan(1.9 * 2000 * 1600)
    expect(area).toBeLessThanOrEqual(2 * 2000 * 1600)
  })
})
