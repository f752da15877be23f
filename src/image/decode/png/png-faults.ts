/** What callers are told about a PNG that is refused. */
import { FaceError } from '../../../errors/face-error.ts'

export function unreadablePng(what: string): FaceError {
  return new FaceError('image_unreadable', `The PNG ${what}.`)
}

export function cutShortPng(bytes: Uint8Array): FaceError {
  return unreadablePng(`is cut short: ${bytes.length} bytes came, without its end chunk`)
}

/** A viewer shows its frames, and may never show the picture that all others do. */
export function animatedPng(): FaceError {
  return new FaceError('image_unsupported', 'The PNG is animated; expected a still picture.')
}
