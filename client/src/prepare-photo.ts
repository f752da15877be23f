/**
 * A photo as it is best sent: upright, at most 1,280 pixels long, as JPEG, and without what a camera writes beside the pixels, such as
 * where it was taken. A face needs no more pixels, and a phone on a slow network should not send 12 million. Browsers do it by
 * themselves; React Native has no canvas and is handed the function of a package that can.
 */
import { FacegateError } from './facegate-error.ts'
import type { PhotoFile } from './photo-form.ts'

export interface PhotoTarget {
  /** The longer side at most, in pixels; 1,280 unless given. */
  readonly maxSide: number
  /** Of the JPEG, 0 to 1; 0.92 unless given. */
  readonly quality: number
}

/** A photo, or what a browser can take a picture of: a video that plays, a canvas, an image. */
export type Picture = Blob | { readonly width: number; readonly height: number }

/** Writes the photo anew as an upright JPEG within `maxSide`. */
export type Rescale = (photo: PhotoFile, target: PhotoTarget) => Promise<PhotoFile>

const target: PhotoTarget = { maxSide: 1280, quality: 0.92 }

/** Throws a FacegateError `image_unreadable` for what the platform cannot read. */
export function preparePhoto(picture: Picture, options?: Partial<PhotoTarget>): Promise<Blob>
export function preparePhoto(
  file: PhotoFile,
  options: Partial<PhotoTarget> & { readonly rescale: Rescale },
): Promise<PhotoFile>
export async function preparePhoto(
  photo: Picture | PhotoFile,
  { rescale, ...wanted }: Partial<PhotoTarget> & { readonly rescale?: Rescale } = {},
): Promise<Blob | PhotoFile> {
  const size = { ...target, ...wanted }
  if (!('uri' in photo)) return await drawAnew(photo, size)
  if (rescale === undefined) throw new TypeError('a file of a phone needs "rescale"')
  try {
    return await rescale(photo, size)
  } catch (cause) {
    throw unreadable('The photo could not be scaled.', cause)
  }
}

/** What is used of a browser; neither Workers nor React Native have it, nor its types. */
interface Canvas {
  getContext(kind: '2d'): Context | null
  convertToBlob(options: { readonly type: string; readonly quality: number }): Promise<Blob>
}
interface Context {
  fillStyle: string
  imageSmoothingQuality: string
  fillRect(x: number, y: number, width: number, height: number): void
  drawImage(picture: Bitmap, x: number, y: number, width: number, height: number): void
}
interface Bitmap {
  readonly width: number
  readonly height: number
  close(): void
}
interface Browser {
  createImageBitmap?(
    picture: Picture,
    options: { readonly imageOrientation: 'from-image' },
  ): Promise<Bitmap>
  readonly OffscreenCanvas?: new (width: number, height: number) => Canvas
}

async function drawAnew(picture: Picture, { maxSide, quality }: PhotoTarget): Promise<Blob> {
  const { createImageBitmap, OffscreenCanvas } = globalThis as Browser
  if (!createImageBitmap || !OffscreenCanvas) {
    throw new TypeError(
      'preparePhoto needs createImageBitmap and OffscreenCanvas, as browsers have',
    )
  }
  let bitmap: Bitmap
  try {
    bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' })
  } catch (cause) {
    throw unreadable('The platform cannot read this kind of photo.', cause)
  }
  try {
    const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [bitmap.width, bitmap.height].map((side) => {
      return Math.max(1, Math.round(side * scale))
    }) as [number, number]
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    if (context === null) throw unreadable('The platform cannot draw the photo.')
    context.imageSmoothingQuality = 'high'
    // What was transparent is white, not black.
    context.fillStyle = '#fff'
    context.fillRect(0, 0, width, height)
    context.drawImage(bitmap, 0, 0, width, height)
    return await canvas.convertToBlob({ type: 'image/jpeg', quality })
  } finally {
    bitmap.close()
  }
}

function unreadable(detail: string, cause?: unknown): FacegateError {
  return new FacegateError({
    ...{ code: 'image_unreadable', detail, hint: 'Choose another photo.', retryable: false },
    ...(cause !== undefined && { cause }),
  })
}
