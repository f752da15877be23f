/**
 * Reads photos that the Worker cannot decode (HEIC, AVIF, too many pixels for its memory) through the binding Cloudflare Images: decoded,
 * turned upright and scaled down outside the isolate. The photo leaves the Worker for that, so this is off unless the binding is added.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import { FaceError } from '../errors/face-error.ts'
import { formatOf, photoFormats } from '../image/decode/formats.ts'
import type { FaceEngine } from './face-engine.ts'

/** What is asked of the binding. */
export type ImageConverter = Pick<ImagesBinding, 'input'>

/** What another decoder may be able to read. A photo that is damaged is damaged for everybody. */
const convertible: ReadonlySet<ErrorCode> = new Set(['image_unsupported', 'image_too_large'])

/** Sides that fit into what is decoded here at full size, whatever their ratio. */
const side = 1760
const quality = 92

/** The engine, which then takes what the binding can read; the engine itself where there is none. */
export function withImages(engine: FaceEngine, images: ImageConverter | undefined): FaceEngine {
  if (images === undefined) return engine
  return {
    ...engine,
    encode: (photo, options) => convertOnRefusal(images, photo, (it) => engine.encode(it, options)),
    detect: (photo, options) => convertOnRefusal(images, photo, (it) => engine.detect(it, options)),
  }
}

/** The same, of an engine that is started when it is asked for: one engine gives one engine, for whoever remembers by it. */
export function startWithImages(
  start: () => Promise<FaceEngine>,
  images: ImageConverter | undefined,
): () => Promise<FaceEngine> {
  let last: { readonly bare: FaceEngine; readonly engine: FaceEngine } | undefined
  return async () => {
    const bare = await start()
    if (last?.bare !== bare) last = { bare, engine: withImages(bare, images) }
    return last.engine
  }
}

/** The refusal stands when the binding cannot read the photo either. */
async function convertOnRefusal<T>(
  images: ImageConverter,
  photo: Uint8Array,
  use: (photo: Uint8Array) => Promise<T>,
): Promise<T> {
  let refusal: FaceError
  try {
    return await use(photo)
  } catch (error) {
    if (!(error instanceof FaceError) || !convertible.has(error.code)) throw error
    requireShownAlike(photo, error)
    refusal = error
  }
  const converted = await toWebp(images, photo).catch(() => null)
  if (converted === null) throw refusal
  return await use(converted)
}

/**
 * All kinds of PNG and WebP are decoded here, so one that is unsupported shows a viewer something else. Converted it would look sound, and so
 * none goes out, not even for its size.
 */
function requireShownAlike(photo: Uint8Array, refusal: FaceError): void {
  const format = formatOf(photo)
  if (format === undefined || format === 'jpeg') return
  if (refusal.code === 'image_unsupported') throw refusal
  // Of one that has too many bytes the header was not read.
  photoFormats[format].readHeader(photo)
}

/** As WebP, which keeps transparency: what is made of a photo is read like any other. */
async function toWebp(images: ImageConverter, photo: Uint8Array): Promise<Uint8Array> {
  const result = await images
    .input(new Blob([photo as Uint8Array<ArrayBuffer>]).stream())
    .transform({ width: side, height: side, fit: 'scale-down' })
    .output({ format: 'image/webp', quality })
  return new Uint8Array(await new Response(result.image()).arrayBuffer())
}
