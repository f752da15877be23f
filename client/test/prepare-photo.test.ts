/** preparePhoto where there is no canvas; what it does in a browser, package.test.ts looks at. */
import { describe, expect, it } from 'vitest'
import { FacegateError, type PhotoFile, preparePhoto } from '../src/client.ts'

const file = { uri: 'file:///photo.heic', type: 'image/heic' }

describe('preparePhoto', () => {
  it('hands a file of a phone to the function that scales, with the size to keep to', async () => {
    const asked: unknown[] = []
    const rescale = async (...given: unknown[]): Promise<PhotoFile> => {
      asked.push(given)
      return { uri: 'file:///small.jpg', type: 'image/jpeg' }
    }
    expect(await preparePhoto(file, { rescale })).toEqual({
      uri: 'file:///small.jpg',
      type: 'image/jpeg',
    })
    await preparePhoto(file, { rescale, maxSide: 640, quality: 0.8 })
    expect(asked).toEqual([
      [file, { maxSide: 1280, quality: 0.92 }],
      [file, { maxSide: 640, quality: 0.8 }],
    ])
  })

  it('says that the photo cannot be read when that function fails, and why', async () => {
    const cause = new Error('no such file')
    const rescale = () => Promise.reject(cause)
    const failure = await preparePhoto(file, { rescale }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(FacegateError)
    expect(failure).toMatchObject({
      code: 'image_unreadable',
      detail: 'The photo could not be scaled.',
      hint: 'Choose another photo.',
      retryable: false,
      cause,
    })
  })

  it('names what it lacks: the function for files of a phone, a canvas for all else', async () => {
    await expect(preparePhoto(file, {} as never)).rejects.toThrow(
      new TypeError('a file of a phone needs "rescale"'),
    )
    await expect(preparePhoto(new Blob(['photo']))).rejects.toThrow(
      new TypeError('preparePhoto needs createImageBitmap and OffscreenCanvas, as browsers have'),
    )
  })
})
