/** The ways a JPEG is refused, each in the same words wherever the fault is found. */
import { FaceError } from '../../../errors/face-error.ts'

/** @param what continues "The JPEG ..." */
export function unreadableJpeg(what: string): FaceError {
  return new FaceError('image_unreadable', `The JPEG ${what}.`)
}

export function cutShort(bytes: Uint8Array): FaceError {
  return unreadableJpeg(`is cut short: ${bytes.length} bytes came, without the end of its picture`)
}

export function damagedJpeg(): FaceError {
  return unreadableJpeg('is damaged: it cannot be decoded')
}

export function shiftedJpeg(): FaceError {
  return unreadableJpeg('is damaged: from some block on it is lighter, darker or of another colour')
}

export function displacedJpeg(): FaceError {
  return unreadableJpeg('is damaged: some of its blocks stand where others belong')
}

export function misfittedJpeg(): FaceError {
  return unreadableJpeg(
    'is damaged: the codes of one of its scans were made for others than it holds',
  )
}

export function brokenJpeg(): FaceError {
  return unreadableJpeg('is damaged: the face breaks off at the sides of a block')
}

/** @param kind continues "The JPEG is ..." */
export function unsupportedJpeg(kind: string): FaceError {
  return new FaceError(
    'image_unsupported',
    `The JPEG is ${kind}; expected baseline or progressive, 8 bits, grey or colour.`,
  )
}
