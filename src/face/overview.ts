/** A photo as looks at all of it see it: averaged down once, as far as the finest of them allows, since each would do that again. Pure. */
import { averageDown } from '../image/average-down.ts'
import { releaseImage } from '../image/release-image.ts'
import type { RgbImage } from '../image/rgb-image.ts'

export interface Overview {
  readonly image: RgbImage
  /** Pixels of the photo for one of the image, along each side. */
  readonly factor: number
  /** What a look multiplies its light by, if the photo is dark. */
  readonly gain?: number
  /** Whether a look sees it without colour, if its light is coloured. */
  readonly isGrey?: boolean
}

export function wholePhoto(image: RgbImage): Overview {
  return { image, factor: 1 }
}

/** @param scale of the finest look */
export function overviewOf(photo: RgbImage, scale: number): Overview {
  const factor = Math.floor(1 / scale)
  if (factor < 2) return wholePhoto(photo)
  const { width, height } = photo
  return { image: averageDown(photo, { x: 0, y: 0, width, height }, factor), factor }
}

/** Averages of averages that few: what one block shows as one is two halves in the other. */
const fewBlocks = 3

/** Whether a close look sees a face as well in it. @param scale pixels of the photo for one of the look */
export function sufficesClosely({ factor }: Overview, scale: number): boolean {
  return scale >= 2 * factor
}

/** Whether a look sees the same in it as in the photo. @param scale pixels of the photo for one of the look */
export function sufficesFor({ factor }: Overview, scale: number): boolean {
  const blocks = Math.floor(scale / factor)
  return blocks > fewBlocks || (blocks > 0 && blocks * factor === Math.floor(scale))
}

export function releaseOverview({ image, factor }: Overview): void {
  if (factor > 1) releaseImage(image)
}
