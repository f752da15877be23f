/**
 * A request's body in pieces, up to a limit. A declared Content-Length over the limit is refused at once, and
 * because it may lie or be absent, every piece is counted too: reading stops with `image_too_large` at the first byte over.
 * What is over stays unread and is not cancelled: that would close the connection before the caller has the answer. A body that
 * stops arriving, or takes too long as a whole, is given up, so that what is made of it does not stay for as long as the caller
 * likes. A body that came compressed is read as what it was before.
 */
import { FaceError, invalidRequest } from '../../../errors/face-error.ts'
import { sizeAdvice } from '../../../image/limits.ts'

/** Read at once. */
const pieceBytes = 64 * 1024

/** A phone without a connection for so long has lost the request anyway. */
export const stallTimeoutMs = 30_000
/** 24 MiB over a slow mobile network take less. */
export const bodyTimeoutMs = 120_000

/**
 * @param take gets each piece, which is valid until it returns
 * @param refuse the error for a body that is larger
 */
export async function readPieces(
  request: Request,
  maxBytes: number,
  take: (piece: Uint8Array) => void,
  refuse: (maxBytes: number) => FaceError = tooLarge,
): Promise<void> {
  const { body } = request
  if (body === null) return
  const declaredBytes = declaredLength(request)
  if (declaredBytes !== null && declaredBytes > maxBytes) throw refuse(maxBytes)
  const pieces = openPieces(unpacked(request, body))
  const patience = startPatience()
  let length = 0
  try {
    for (;;) {
      const piece = await patience.waitFor(readPiece(pieces))
      if (piece === null) return
      length += piece.byteLength
      if (length > maxBytes) {
        pieces.release()
        throw refuse(maxBytes)
      }
      take(piece)
    }
  } finally {
    patience.end()
  }
}

/** As it was before the caller compressed it; what comes out is what is counted. */
function unpacked(request: Request, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return body
  const format = encodings.get(encoding)
  if (format === undefined) {
    throw new FaceError(
      'invalid_request',
      `Content-Encoding: expected ${[...encodings.keys()].join(', ')} or none`,
    )
  }
  return body.pipeThrough(
    new DecompressionStream(format) as TransformStream<Uint8Array, Uint8Array>,
  )
}

/** What a body may be compressed with. */
const encodings: ReadonlyMap<string, 'gzip' | 'deflate'> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])

interface Pieces {
  /** Null at the end; valid until the next is read. */
  read(): Promise<Uint8Array | null>
  release(): void
}

/** In pieces as large as they come: unless told where to put them, a Worker gets 4 KiB at a time, and a photo takes a thousand. */
function openPieces(stream: ReadableStream<Uint8Array>): Pieces {
  const reader = bufferedReader(stream)
  if (reader === null) {
    const plain = stream.getReader()
    return {
      read: async () => (await plain.read()).value ?? null,
      release: () => plain.releaseLock(),
    }
  }
  let room = new ArrayBuffer(pieceBytes)
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(room))
      if (done || value === undefined) return null
      room = value.buffer
      return value
    },
    release: () => reader.releaseLock(),
  }
}

/** Null for a stream that takes no buffers, as one that a test or another runtime makes of an array. */
function bufferedReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    return null
  }
}

async function readPiece(pieces: Pieces): Promise<Uint8Array | null> {
  try {
    return await pieces.read()
  } catch (cause) {
    throw new FaceError(
      'invalid_request',
      'The body broke off before its end, or is not compressed as Content-Encoding says.',
      { cause },
    )
  }
}

/** How long a body is waited for. One timer for all of its chunks, of which a photo has dozens. */
function startPatience() {
  const deadlineMs = Date.now() + bodyTimeoutMs
  let cameMs = Date.now()
  /** Of the chunk that is waited for. `Promise.race` with one promise for all would hold every chunk until the end. */
  let giveUp = (_: FaceError): void => {}
  let timer = setTimeout(look, stallTimeoutMs)

  function look(): void {
    const late = lateness()
    if (late !== null) giveUp(late)
    const untilMs = Math.min(deadlineMs, cameMs + stallTimeoutMs)
    timer = setTimeout(look, late === null ? untilMs - Date.now() : stallTimeoutMs)
  }

  function lateness(): FaceError | null {
    const nowMs = Date.now()
    if (nowMs >= deadlineMs) {
      return invalidRequest(`The body was not complete after ${bodyTimeoutMs / 1000} s.`)
    }
    if (nowMs < cameMs + stallTimeoutMs) return null
    return invalidRequest(`Nothing of the body came for ${stallTimeoutMs / 1000} s.`)
  }

  return {
    /** Rejects as the promise does, and when it takes too long. */
    async waitFor<T>(chunk: Promise<T>): Promise<T> {
      const came = await new Promise<T>((resolve, reject) => {
        giveUp = reject
        chunk.then(resolve, reject)
      })
      cameMs = Date.now()
      // A body of which there is always another piece would never let the timer have its turn.
      const late = lateness()
      if (late !== null) throw late
      return came
    },
    end: (): void => clearTimeout(timer),
  }
}

/** Null when the header is absent or not a plain number. */
export function declaredLength(request: Request): number | null {
  const text = request.headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

function tooLarge(maxBytes: number): FaceError {
  return new FaceError(
    'image_too_large',
    `The body may have ${maxBytes} bytes at most. ${sizeAdvice}`,
  )
}
