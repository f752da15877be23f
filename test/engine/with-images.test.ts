/**
 * Cloudflare Images behind the engine: against a double for HEIC, which the local stand-in of the binding cannot read, and against that
 * stand-in for what it can: a JPEG of more pixels than are decoded here.
 */
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { type ImageConverter, startWithImages, withImages } from '../../src/engine/with-images.ts'
import { inspectPhoto } from '../../src/image/decode/inspect.ts'
import { maxPhotoBytes } from '../../src/image/limits.ts'
import { realEngine } from '../support/networks/node-models.ts'
import { addPngChunk, addWebpChunk } from '../support/photos/add-exif.ts'
import { makeJpeg, makePicture, makeRgbPng, makeWebp } from '../support/photos/make-photo.ts'
import { makePng } from '../support/photos/make-png.ts'
import { pixelAt, sampleImage, samplePhoto } from '../support/photos/sample-photos.ts'

const heic = new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic and more')

const animation = ['acTL', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)] as const
const oddGamma = ['gAMA', Uint8Array.of(0, 0, 8, 225)] as const

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

/** Detects nothing, but refuses what does not fit into an isolate. */
async function inspectOnly(photo: Uint8Array): Promise<[]> {
  inspectPhoto(photo)
  return []
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

  it('sends out no PNG or WebP that shows a viewer something else', async () => {
    const engine = await realEngine()
    const images = double(await samplePhoto('eve'))
    const image = await sampleImage('ada')
    const png = makeRgbPng(image)
    const { width, height } = image
    const faint = makePng({
      width,
      height,
      colourType: 6,
      bitDepth: 8,
      sample: (x, y) => [...pixelAt(image, x, y), 128],
    })
    for (const [photo, message] of [
      [addPngChunk(png, ...animation), 'The PNG is animated; expected a still picture.'],
      [
        addPngChunk(png, ...oddGamma),
        'The PNG is to be shown with an exponent of 44 (gAMA); expected an ordinary PNG.',
      ],
      [
        addWebpChunk(await makeWebp(image), 'ANIM', new Uint8Array(6)),
        'The WebP is animated; expected a still picture.',
      ],
      [
        faint,
        'The face is partly transparent, so it looks different on every background; expected an opaque photo.',
      ],
    ] as const) {
      await expect(withImages(engine, images).encode(photo)).rejects.toMatchObject({
        code: 'image_unsupported',
        message,
      })
    }
    expect(images.received).toEqual([])
  })

  it('looks at the header of one that is too large before it sends it out', async () => {
    const engine = { ...(await realEngine()), detect: inspectOnly }
    const images = double(await samplePhoto('eve'))
    const small = makeRgbPng(makePicture(8, 8))
    const wide = makeRgbPng(makePicture(8200, 40))
    const heavy = addPngChunk(small, 'blOb', new Uint8Array(maxPhotoBytes))
    for (const large of [wide, heavy]) {
      await expect(engine.detect(large)).rejects.toMatchObject({ code: 'image_too_large' })
      for (const [[type, body], message] of [
        [animation, 'The PNG is animated; expected a still picture.'],
        [
          oddGamma,
          'The PNG is to be shown with an exponent of 44 (gAMA); expected an ordinary PNG.',
        ],
      ] as const) {
        const photo = addPngChunk(large, type, body)
        await expect(withImages(engine, images).detect(photo)).rejects.toMatchObject({
          code: 'image_unsupported',
          message,
        })
      }
    }
    expect(images.received).toEqual([])
    for (const large of [wide, heavy]) await withImages(engine, images).detect(large)
    expect(images.received.map(({ length }) => length)).toEqual([wide.length, heavy.length])
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
        detect(photo: Uint8Array) {
          given.push(photo)
          return inspectOnly(photo)
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
