/**
 * Draws a photo that lies on a surface in space as a camera sees it: a grid of points, each with its place in the photo, turned,
 * seen in perspective through a lens that may bend straight lines, nearer parts before farther ones. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'

export interface Mesh {
  readonly columns: number
  readonly rows: number
  /** Row by row, [x, y, z] each: x to the right, y down, z towards the camera. */
  readonly points: readonly (readonly [x: number, y: number, z: number])[]
  /** Where in the photo, in its pixels. */
  readonly places: readonly (readonly [x: number, y: number])[]
}

export interface Camera {
  /** Degrees by which the surface is turned: its middle looks to its left, up, and it leans clockwise. */
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  /** From the origin of the surface to the camera, in its units. */
  readonly distance: number
  /** Pixels of the picture per unit at the origin. */
  readonly scale: number
  /** Where the origin is seen, in pixels of the picture. */
  readonly middle: readonly [x: number, y: number]
  /** Radial distortion: a point half the picture's width from its middle is seen so much farther out, as a share. */
  readonly distortion: number
}

/** Red, green and blue, 0..255. */
export type Colour = Float64Array

/** Changes the colour at a place of the photo, 0..1 from its left and top edge. */
export type Look = (colour: Colour, u: number, v: number) => void

const asItIs: Look = () => undefined

type Seen = readonly [x: number, y: number, depth: number, u: number, v: number]

/** A photo on a surface. */
export interface Layer {
  readonly photo: RgbImage
  readonly mesh: Mesh
  readonly look?: Look
}

/** Draws into `canvas`, whose other pixels stay. */
export function drawMesh(
  canvas: RgbImage,
  photo: RgbImage,
  mesh: Mesh,
  camera: Camera,
  look?: Look,
): void {
  drawMeshes(canvas, [{ photo, mesh, ...(look && { look }) }], camera)
}

/** Of several surfaces the camera sees at each place the nearest. Where a point is NaN, there is a hole. */
export function drawMeshes(canvas: RgbImage, layers: readonly Layer[], camera: Camera): void {
  const nearest = new Float64Array(canvas.width * canvas.height).fill(-Infinity)
  for (const { photo, mesh, look = asItIs } of layers) {
    const seen = mesh.points.map((point, i): Seen => {
      const [x, y, depth] = project(point, camera, canvas)
      return [x, y, depth, ...mesh.places[i]!]
    })
    for (let row = 0; row + 1 < mesh.rows; row++) {
      for (let column = 0; column + 1 < mesh.columns; column++) {
        const at = row * mesh.columns + column
        const below = at + mesh.columns
        const [a, b, c, d] = [seen[at]!, seen[at + 1]!, seen[below]!, seen[below + 1]!]
        drawTriangle(canvas, nearest, photo, look, [a, b, c])
        drawTriangle(canvas, nearest, photo, look, [b, d, c])
      }
    }
  }
}

function project(
  [x, y, z]: Mesh['points'][number],
  { yaw, pitch, roll, distance, scale, middle, distortion }: Camera,
  { width, height }: RgbImage,
): readonly [x: number, y: number, depth: number] {
  const [sinYaw, cosYaw] = sinCos(yaw)
  const [sinPitch, cosPitch] = sinCos(pitch)
  const [sinRoll, cosRoll] = sinCos(roll)
  const [x1, z1] = [cosYaw * x + sinYaw * z, cosYaw * z - sinYaw * x]
  const [y1, z2] = [cosPitch * y - sinPitch * z1, cosPitch * z1 + sinPitch * y]
  const [x2, y2] = [cosRoll * x1 - sinRoll * y1, sinRoll * x1 + cosRoll * y1]
  const shrink = scale / Math.max(0.05, 1 - z2 / distance)
  const [px, py] = [middle[0] + x2 * shrink, middle[1] + y2 * shrink]
  const [dx, dy] = [px - width / 2, py - height / 2]
  const farther = 1 + distortion * ((dx * dx + dy * dy) / (width / 2) ** 2)
  return [width / 2 + dx * farther, height / 2 + dy * farther, z2]
}

function drawTriangle(
  canvas: RgbImage,
  nearest: Float64Array,
  photo: RgbImage,
  look: Look,
  [a, b, c]: readonly [Seen, Seen, Seen],
): void {
  const colour = new Float64Array(3)
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
  if (area === 0) return
  const { width, height } = canvas
  const left = Math.max(0, Math.ceil(Math.min(a[0], b[0], c[0]) - 0.5))
  const right = Math.min(width - 1, Math.floor(Math.max(a[0], b[0], c[0]) - 0.5))
  const top = Math.max(0, Math.ceil(Math.min(a[1], b[1], c[1]) - 0.5))
  const bottom = Math.min(height - 1, Math.floor(Math.max(a[1], b[1], c[1]) - 0.5))
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const [px, py] = [x + 0.5, y + 0.5]
      const ofB = ((px - a[0]) * (c[1] - a[1]) - (py - a[1]) * (c[0] - a[0])) / area
      const ofC = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / area
      const ofA = 1 - ofB - ofC
      if (ofA < 0 || ofB < 0 || ofC < 0) continue
      const depth = ofA * a[2] + ofB * b[2] + ofC * c[2]
      const at = y * width + x
      if (depth <= nearest[at]!) continue
      nearest[at] = depth
      const u = ofA * a[3] + ofB * b[3] + ofC * c[3]
      const v = ofA * a[4] + ofB * b[4] + ofC * c[4]
      readAt(colour, photo, u, v)
      look(colour, u / photo.width, v / photo.height)
      putColour(canvas, at, colour)
    }
  }
}

/** Between the centres of the four pixels around. */
export function readAt(colour: Colour, photo: RgbImage, u: number, v: number): void {
  const { width, height, data } = photo
  const x = Math.max(0, Math.min(width - 1, u - 0.5))
  const y = Math.max(0, Math.min(height - 1, v - 0.5))
  const left = Math.floor(x)
  const top = Math.floor(y)
  const at = (top * width + left) * 3
  const right = left + 1 < width ? 3 : 0
  const below = top + 1 < height ? width * 3 : 0
  for (let k = at; k < at + 3; k++) {
    const above = data[k]! + (data[k + right]! - data[k]!) * (x - left)
    const under = data[k + below]! + (data[k + below + right]! - data[k + below]!) * (x - left)
    colour[k - at] = above + (under - above) * (y - top)
  }
}

export function putColour({ data }: RgbImage, pixel: number, colour: Colour): void {
  for (let k = 0; k < 3; k++) {
    data[pixel * 3 + k] = Math.max(0, Math.min(255, Math.round(colour[k]!)))
  }
}

function sinCos(degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180
  return [Math.sin(radians), Math.cos(radians)]
}
