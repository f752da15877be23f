/**
 * A photo as it is sent and shown: upright, at most 1,280 pixels long, as JPEG. Scaling it down here keeps it below the
 * service's limits, and drawing it anew leaves behind where and when it was taken.
 */

const maxSide = 1280
const jpegQuality = 0.92

export interface ChosenPhoto {
  /** What is shown and drawn on; its pixels are those that were sent. */
  readonly picture: HTMLCanvasElement
  readonly file: Blob
}

/** Throws an Error for the person to read when the browser cannot read the photo. */
export async function choosePhoto(source: Blob | HTMLVideoElement): Promise<ChosenPhoto> {
  const bitmap = await createImageBitmap(source).catch(() => {
    throw new Error('This browser cannot read the photo. Choose another one.')
  })
  const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height))
  const picture = document.createElement('canvas')
  picture.width = Math.max(1, Math.round(bitmap.width * scale))
  picture.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = contextOf(picture)
  context.imageSmoothingQuality = 'high'
  // What was transparent is white, not black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, picture.width, picture.height)
  context.drawImage(bitmap, 0, 0, picture.width, picture.height)
  bitmap.close()
  const file = await new Promise<Blob | null>((resolve) => {
    picture.toBlob(resolve, 'image/jpeg', jpegQuality)
  })
  if (file === null) throw new Error('This browser cannot write the photo as JPEG.')
  return { picture, file }
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser cannot draw.')
  return context
}
