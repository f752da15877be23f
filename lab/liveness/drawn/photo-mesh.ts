/**
 * A photo of a face laid over a surface in space: its vertices stand in even rows and columns over the whole photo. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import type { Mesh } from './draw-mesh.ts'

export interface SourceFace {
  /** In pixels of the photo. */
  readonly middle: readonly [x: number, y: number]
  /** Pixels between the outer corners of the eyes. */
  readonly size: number
}

/**
 * @param fineness vertices along a side
 * @param place where a point of the photo lies in space, both from the middle of the face, in distances between the outer corners of the eyes
 */
export function meshOf(
  photo: RgbImage,
  face: SourceFace,
  fineness: number,
  place: (x: number, y: number) => [number, number, number],
): Mesh {
  const points: [number, number, number][] = []
  const places: [number, number][] = []
  for (let row = 0; row < fineness; row++) {
    for (let column = 0; column < fineness; column++) {
      const u = (column / (fineness - 1)) * photo.width
      const v = (row / (fineness - 1)) * photo.height
      const [x, y] = [(u - face.middle[0]) / face.size, (v - face.middle[1]) / face.size]
      points.push(place(x, y))
      places.push([u, v])
    }
  }
  return { columns: fineness, rows: fineness, points, places }
}
