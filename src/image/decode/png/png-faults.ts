/** What callers are told about a PNG that is refused. */
import { FaceError } from '../../../errors/face-error.ts'

export function unreadablePng(what: string): FaceError {
  return new FaceError('image_unreadable', `The PNG ${what}.`)
}

export function cutShortPng(bytes: Uint8Array): FaceError {
  return unreadablePng(`is cut short: ${bytes.length} bytes came, without its end chunk`)
}
