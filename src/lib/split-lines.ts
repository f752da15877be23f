/**
 * Cuts a stream of bytes into lines. A line that is too long is passed over without being held, so that memory stays bounded
 * whatever is sent.
 */
import { FaceError } from '../errors/face-error.ts'

export interface Line {
  /** From 1 on. */
  readonly number: number
  /** Without the end of the line; null when it was too long. */
  readonly bytes: Uint8Array | null
}

const lineFeed = 0x0a

/**
 * Throws `invalid_request` when the stream breaks off.
 *
 * @param onTooLong gets the bytes of lines that are too long, piece by piece, with the end of the line
 */
export async function* splitLines(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  onTooLong: (bytes: Uint8Array) => void = () => {},
): AsyncGenerator<Line> {
  const reader = stream.getReader()
  const held = new Uint8Array(maxBytes)
  let heldBytes = 0
  let isTooLong = false
  let number = 1

  /** Adds a piece of the current line. */
  function hold(piece: Uint8Array): void {
    if (!isTooLong && heldBytes + piece.length <= maxBytes) {
      held.set(piece, heldBytes)
      heldBytes += piece.length
      return
    }
    if (!isTooLong) onTooLong(held.slice(0, heldBytes))
    isTooLong = true
    onTooLong(piece)
  }

  function finish(): Line {
    const line = { number: number++, bytes: isTooLong ? null : held.slice(0, heldBytes) }
    if (isTooLong) onTooLong(Uint8Array.of(lineFeed))
    heldBytes = 0
    isTooLong = false
    return line
  }

  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new FaceError('invalid_request', 'The body broke off before its end.', {
          cause: error,
        })
      })
      if (done) break
      let start = 0
      for (;;) {
        const end = value.indexOf(lineFeed, start)
        if (end < 0) break
        hold(value.subarray(start, end))
        yield finish()
        start = end + 1
      }
      hold(value.subarray(start))
    }
    if (heldBytes > 0 || isTooLong) yield finish()
  } finally {
    // Whoever stops early wants no more of it.
    await reader.cancel().catch(() => undefined)
  }
}
