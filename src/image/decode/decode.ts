/**
 * First stage of the pipeline: a photo's bytes -> an upright RGB image.
 *
 *   inspect (header only) -> decode, smaller where the photo is large -> lay on white -> turn upright
 */
import { FaceError } from '../../errors/face-error.ts'
import { releaseImage } from '../release-image.ts'
import type { Rectangle } from '../resize.ts'
import type { RgbImage } from '../rgb-image.ts'
import { rectangleAsStored, rectangleUpright, turnUpright } from '../turn.ts'
import type { Codecs } from './codecs.ts'
import type { DecodedImage, KnownPhoto } from './decoder.ts'
import type { Shrink } from './format-header.ts'
import { type PhotoFormatRow, photoFormats } from './formats.ts'
import { inspectPhoto, type PhotoHeader } from './inspect.ts'
import type { PlacedBlock } from './jpeg/damage/block-apart.ts'
import { restartBorders } from './jpeg/damage/restart-borders.ts'
import type { OnBlack } from './transparency.ts'

export interface DecodedPhoto {
  /** Upright. */
  readonly image: RgbImage
  /** Pixels of the photo for one of the image, along each side. */
  readonly shrink: Shrink
  /** Lines across the photo, in its own upright pixels, behind which it is lighter, darker or of another colour. */
  readonly steps: readonly Rectangle[]
  /** Where one of the blocks of 8x8 pixels lies in the image of a JPEG decoded at full size; null for other photos. */
  readonly block: PlacedBlock | null
  /** Lines in a part of that image where restart intervals meet; none in other photos. */
  restartBorders(area: Rectangle): Rectangle[][]
  /** 0..1, in the mean over a part of it. */
  transparencyOf(area: Rectangle): number
  /** The upright photo laid on black, small; null where none of it is transparent. */
  readonly onBlack: OnBlack | null
  /** As its header says. */
  readonly mayWrap: boolean
  /**
   * Rectangles of the photo, in its own upright pixels, decoded by themselves when they are called for; undefined where the photo is not
   * of a kind of which parts can be decoded.
   */
  cut(regions: readonly Rectangle[]): ((shrink: Shrink) => PhotoPart)[] | undefined
}

/** A part of a photo. */
export interface PhotoPart {
  /** Upright. */
  readonly image: RgbImage
  /** Of its top left corner, in pixels of the photo. */
  readonly x: number
  readonly y: number
}

/**
 * Throws FaceError image_unreadable, image_unsupported or image_too_large for anything that is wrong with the
 * photo, and engine_unavailable when a decoder cannot be started; never anything else, but what `check` throws.
 *
 * @param check of the size that the header says, before anything is decoded
 */
export function openPhoto(
  bytes: Uint8Array,
  codecs: Codecs,
  check: (size: { readonly width: number; readonly height: number }) => void = () => {},
): DecodedPhoto {
  const header = inspectPhoto(bytes, codecs.room)
  check(header)
  const { shrink, width, height } = header
  const decoded = decodeStored(bytes.subarray(0, header.end), header, codecs, header)
  const { steps = [], transparency, ...stored } = decoded
  const [wide, high] = [Math.ceil(width / shrink), Math.ceil(height / shrink)]
  if (stored.width !== wide || stored.height !== high) {
    throw new FaceError(
      'image_unreadable',
      `The photo's header says ${width} x ${height} pixels, its picture has ${stored.width} x ${stored.height}.`,
    )
  }
  const onBlack = transparency?.onBlack(stored)
  return {
    image: upright(stored, header),
    onBlack: onBlack ? { ...onBlack, image: upright(onBlack.image, header) } : null,
    shrink,
    steps: steps.map((row) =>
      rectangleUpright({ x: 0, y: row * shrink, width, height: 0 }, header, header.orientation),
    ),
    block: blockOf(header),
    mayWrap: header.mayWrap === true,
    restartBorders: (area) => restartBordersOf(header, area),
    transparencyOf: (area) =>
      transparency?.meanOf(rectangleAsStored(area, header, header.orientation)) ?? 0,
    cut: (regions) => cutParts(bytes.subarray(0, header.end), header, regions, codecs),
  }
}

function blockOf(header: PhotoHeader): PlacedBlock | null {
  const { jpeg, shrink, orientation } = header
  if (!jpeg || shrink > 1) return null
  const block = rectangleUpright({ x: 0, y: 0, width: 8, height: 8 }, header, orientation)
  return { ...block, meanStep: (jpeg.quantisation[0]?.[0] ?? 1) / 8 }
}

function restartBordersOf(header: PhotoHeader, area: Rectangle): Rectangle[][] {
  const { jpeg, shrink, orientation } = header
  if (!jpeg || shrink > 1) return []
  return restartBorders(jpeg, rectangleAsStored(area, header, orientation)).map((lines) =>
    lines.map((line) => rectangleUpright(line, header, orientation)),
  )
}

function cutParts(
  picture: Uint8Array,
  header: PhotoHeader,
  regions: readonly Rectangle[],
  codecs: Codecs,
): ((shrink: Shrink) => PhotoPart)[] | undefined {
  const { format, orientation } = header
  const { cut }: PhotoFormatRow = photoFormats[format]
  const stored = regions.map((region) => rectangleAsStored(region, header, orientation))
  return cut?.(picture, stored)?.map(({ rectangle, bytes }) => (shrink) => {
    const { x, y } = rectangleUpright(rectangle, header, orientation)
    return {
      image: upright(decodeStored(bytes, { format, shrink }, codecs, { isCut: true }), header),
      x,
      y,
    }
  })
}

function upright(stored: RgbImage, { orientation }: PhotoHeader): RgbImage {
  const image = turnUpright(stored, orientation)
  if (image !== stored) releaseImage(stored)
  return image
}

/** The image alone. */
export async function decodePhoto(bytes: Uint8Array, codecs: Codecs): Promise<RgbImage> {
  return openPhoto(bytes, codecs).image
}

function decodeStored(
  picture: Uint8Array,
  { format, shrink }: Pick<PhotoHeader, 'format' | 'shrink'>,
  codecs: Codecs,
  known: KnownPhoto,
): DecodedImage {
  try {
    return codecs.decode(format, picture, shrink, known)
  } catch (cause) {
    if (cause instanceof FaceError) throw cause
    const { label } = photoFormats[format]
    throw new FaceError('image_unreadable', `The ${label} is damaged: it cannot be decoded.`, {
      cause,
    })
  }
}
