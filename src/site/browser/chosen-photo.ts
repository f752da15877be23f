/** A photo as it is sent and shown: what `preparePhoto` of the client makes of it, and the same pixels on a canvas. */
import { preparePhoto } from '../../../client/src/client.ts'

export interface ChosenPhoto {
  /** What is shown and drawn on; its pixels are those that were sent. */
  readonly picture: HTMLCanvasElement
  readonly file: Blob
}

/** Throws an Error for the person to read when the browser cannot read the photo. */
export async function choosePhoto(source: Blob | HTMLVideoElement): Promise<ChosenPhoto> {
  const file = await preparePhoto(source).catch(() => {
    throw new Error('This browser cannot read the photo. Choose a JPEG, PNG or WebP.')
  })
  const bitmap = await createImageBitmap(file)
  const picture = document.createElement('canvas')
  picture.width = bitmap.width
  picture.height = bitmap.height
  contextOf(picture).drawImage(bitmap, 0, 0)
  bitmap.close()
  return { picture, file }
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser cannot draw.')
  return context
}
