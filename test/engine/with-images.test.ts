/**
 * Cloudflare Images behind the engine: against a double for HEIC, which the local stand-in of the binding cannot read, and against that
 * stand-in for what it can: a JPEG of more pixels than are decoded here.
 */
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { type ImageConverter, startWithImages, withImages } from '../../src/engine/with-images.ts'
import { inspectPhoto } from '../../src/image/decode/inspect.ts'
import { realEngine } from '../support/networks/node-models.ts'
import { makeJpeg, makePicture } from '../support/photos/make-photo.ts'
import { samplePhoto } from '../support/photos/sample-photos.ts'

const heic = new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic and more')

/** Answers every photo with this one, or fails. */
function double(
  answer: Uint8Array | Error,
): ImageConverter & { readonly received: Uint8Array[]; readonly asked: object[] } {
  const received: Uint8Array[] = []
  const asked: object[] = []
  const transformer = {
    transform(transform: object) {
      asked.push(transform)
      return transformer
    },
    async output(options: object) {
      asked.push(options)
      await reading
      if (answer instanceof Error) throw answer
      return { image: () => new Blob([answer as Uint8Array<ArrayBuffer>]).stream() }
    },
  }
  let reading: Promise<unknown> = Promise.resolve()
  return {
    received,
    asked,
    input(stream: ReadableStream<Uint8Array>) {
      reading = new Response(stream).bytes().then((bytes) => received.push(bytes))
      return transformer as unknown as ImageTransformer
    },
  }
}

describe('an engine behind Cloudflare Images', () => {
  it('is the engine itself where nothing is bound', async () => {
    const engine = await realEngine()
    expect(withImages(engine, undefined)).toBe(engine)
  })

  it('is one engine for as long as it is one behind it', async () => {
    const engine = await realEngine()
    const start = startWithImages(async () => engine, double(heic))
    expect(await start()).toBe(await start())
  })

  it('has a HEIC decoded outside, scaled to what is decoded here at full size', async () => {
    const engine = await realEngine()
    const photo = await samplePhoto('eve')
    const images = double(photo)
    const { encoding } = await withImages(engine, images).encode(heic)
    expect(distance(encoding, (await engine.encode(photo)).encoding)).toBe(0)
    expect(images.received).toEqual([heic])
    expect(images.asked).toEqual([
      { width: 1760, height: 1760, fit: 'scale-down' },
      { format: 'image/webp', quality: 92 },
    ])
    expect(await withImages(engine, images).detect(heic)).toHaveLength(1)
  })

  it('sends nothing out that is decoded here, nor what is damaged', async () => {
    const engine = await realEngine()
    const images = double(new Error('never asked'))
    const photo = await samplePhoto('ada')
    await withImages(engine, images).encode(photo)
    await expect(withImages(engine, images).encode(photo.subarray(0, 9000))).rejects.toMatchObject({
      code: 'image_unreadable',
    })
    expect(images.received).toEqual([])
  })

  it('refuses as without it what the binding cannot read either', async () => {
    const engine = await realEngine()
    await expect(withImages(engine, double(new Error('9412'))).encode(heic)).rejects.toMatchObject({
      code: 'image_unsupported',
      message: expect.stringContaining('a HEIC'),
    })
    await expect(
      withImages(engine, double(new TextEncoder().encode('no photo'))).encode(heic),
    ).rejects.toMatchObject({ code: 'image_unsupported' })
  })

  it('is given a photo of fewer pixels by the local stand-in', async () => {
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        workers: [
          {
            name: 'images',
            modules: true,
            script: 'export default {}',
            images: { binding: 'IMAGES' },
          },
        ],
      } as never),
    )
    try {
      const { IMAGES } = await miniflare.getBindings<{ IMAGES: ImageConverter }>()
      const given: Uint8Array[] = []
      const engine = {
        ...(await realEngine()),
        async detect(photo: Uint8Array) {
          given.push(photo)
          inspectPhoto(photo)
          return []
        },
      }
      const wide = await makeJpeg(makePicture(8200, 40))
      expect(() => inspectPhoto(wide)).toThrow('no side may exceed')
      await withImages(engine, IMAGES).detect(wide)
      expect(given.length).toBe(2)
      expect(inspectPhoto(given[1]!)).toMatchObject({ format: 'webp', width: 1760 })
    } finally {
      await miniflare.dispose()
    }
  })
})
