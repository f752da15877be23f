/** Reads a request's body into memory. */
import type { FaceError } from '../../../errors/face-error.ts'
import { declaredLength, readPieces } from './body-pieces.ts'
import { GrowingBytes } from './growing-bytes.ts'

/**
 * Throws as readPieces does.
 *
 * @param refuse the error for a body that is larger
 */
export async function readBody(
  request: Request,
  maxBytes: number,
  refuse?: (maxBytes: number) => FaceError,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new GrowingBytes(declaredLength(request) ?? maxBytes)
  await readPieces(request, maxBytes, (piece) => bytes.append(piece), refuse)
  return bytes.finish()
}
