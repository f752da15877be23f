/** Turns whole images: upright by EXIF orientation, and by quarter turns for faces that lie on their side. */
import type { Orientation } from './orientation.ts'
import type { Rectangle } from './resize.ts'
import type { RgbImage } from './rgb-image.ts'

/** Degrees clockwise. */
export type QuarterTurn = 0 | 90 | 180 | 270

/** The orientation that is cured by such a turn. */
const orientationOfTurn: Readonly<Record<QuarterTurn, Orientation>> = {
  0: 1,
  90: 6,
  180: 3,
  270: 8,
}

/** Turned clockwise; the image itself for 0 degrees, else a new one. */
export function turnImage(image: RgbImage, degrees: QuarterTurn): RgbImage {
  return turnUpright(image, orientationOfTurn[degrees])
}

/** Where a rectangle of a photo lies once that is turned so. */
export function turnRectangle(
  { x, y, width, height }: Rectangle,
  photo: { width: number; height: number },
  degrees: QuarterTurn,
): Rectangle {
  const [right, bottom] = [photo.width - x - width, photo.height - y - height]
  switch (degrees) {
    case 0:
      return { x, y, width, height }
    case 90:
      return { x: bottom, y: x, width: height, height: width }
    case 180:
      return { x: right, y: bottom, width, height }
    case 270:
      return { x: y, y: right, width: height, height: width }
  }
}

/** Undoes the orientation that the camera noted; the image itself for 1, else a new one. */
export function turnUpright(image: RgbImage, orientation: Orientation): RgbImage {
  if (orientation === 1) return image
  const { width, height, data } = image
  const { swapped, fromRight, fromBottom } = symmetryOf(orientation)
  const alongX = fromRight ? -3 : 3
  const alongY = fromBottom ? -3 * width : 3 * width
  const first = (fromRight ? 3 * (width - 1) : 0) + (fromBottom ? 3 * width * (height - 1) : 0)

  const turned = new Uint8Array(data.length)
  const [outWidth, outHeight] = swapped ? [height, width] : [width, height]
  const [pixelStep, rowStep] = swapped ? [alongY, alongX] : [alongX, alongY]
  let to = 0
  for (let row = 0; row < outHeight; row++) {
    let from = first + row * rowStep
    for (let column = 0; column < outWidth; column++) {
      turned[to] = data[from]
      turned[to + 1] = data[from + 1]
      turned[to + 2] = data[from + 2]
      to += 3
      from += pixelStep
    }
  }
  return { width: outWidth, height: outHeight, data: turned }
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Where a rectangle of a picture that is stored so lies once that is upright. */
export function rectangleUpright(
  { x, y, width, height }: Rectangle,
  stored: Size,
  orientation: Orientation,
): Rectangle {
  const { swapped, fromRight, fromBottom } = symmetryOf(orientation)
  return swapAxes(swapped, {
    x: fromRight ? stored.width - x - width : x,
    y: fromBottom ? stored.height - y - height : y,
    width,
    height,
  })
}

/** The way back. */
export function rectangleAsStored(
  upright: Rectangle,
  stored: Size,
  orientation: Orientation,
): Rectangle {
  const { swapped, fromRight, fromBottom } = symmetryOf(orientation)
  const { x, y, width, height } = swapAxes(swapped, upright)
  return {
    x: fromRight ? stored.width - x - width : x,
    y: fromBottom ? stored.height - y - height : y,
    width,
    height,
  }
}

/** The three bits of a symmetry: whether the axes are swapped, and which of the stored picture's run backwards. */
function symmetryOf(orientation: Orientation) {
  return {
    swapped: orientation >= 5,
    fromRight: [2, 3, 7, 8].includes(orientation),
    fromBottom: [3, 4, 6, 7].includes(orientation),
  }
}

function swapAxes(swapped: boolean, { x, y, width, height }: Rectangle): Rectangle {
  return swapped ? { x: y, y: x, width: height, height: width } : { x, y, width, height }
}
