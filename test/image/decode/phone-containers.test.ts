/** Photos with more in their files than a picture, as phones write them: the same pixels as the photo alone, whatever lies around it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { inspectPhoto } from '../../../src/image/decode/inspect.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { addExif, makeTiff } from '../../support/photos/add-exif.ts'
import {
  asMotionPhoto,
  asPictures,
  asSamsungPhoto,
  asUltraHdr,
  withDepth,
} from '../../support/photos/jpeg/phone-containers.ts'
import { makeJpeg, makePicture } from '../../support/photos/make-photo.ts'
import { joinBytes } from '../../support/photos/make-png.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { samplePhoto } from '../../support/photos/sample-photos.ts'

const codecs = createNodeCodecs()
const megabyte = 1_000_000

const containers: Readonly<Record<string, (photo: Uint8Array, other: Uint8Array) => Uint8Array>> = {
  'an Ultra HDR photo, its gain map behind it': asUltraHdr,
  'a photo with depth and a matte behind it': (photo, other) => asPictures(photo, other, other),
  'a motion photo, its video behind it': (photo) => asMotionPhoto(photo, 3 * megabyte),
  "a photo with Samsung's trailer": (photo) => asSamsungPhoto(photo, 3 * megabyte),
  'an Ultra HDR motion photo of Samsung': (photo, other) =>
    asSamsungPhoto(asUltraHdr(photo, other), 3 * megabyte),
  'a photo with depth in its segments': (photo) => withDepth(photo, 2 * megabyte),
  'a photo with megabytes of zeros behind it': (photo) =>
    joinBytes(photo, new Uint8Array(4 * megabyte)),
}

describe.each(['baseline', 'progressive'])('in a file of a phone, %s,', (kind) => {
  let photo: Uint8Array
  let other: Uint8Array
  let whole: RgbImage

  beforeAll(async () => {
    const image = await decodePhoto(await samplePhoto('eve'), codecs)
    const options = { progressive: kind === 'progressive', quality: 85 }
    photo = addExif('jpeg', await makeJpeg(image, options), makeTiff(6))
    other = await makeJpeg(makePicture(120, 80), { color_space: 1 })
    whole = await decodePhoto(photo, codecs)
  })

  it.each(Object.keys(containers))('%s has the pixels of the photo alone', async (name) => {
    const file = containers[name]!(photo, other)
    expect(file.length).toBeGreaterThan(photo.length + 1000)
    expect(await decodePhoto(file, codecs)).toEqual(whole)
    expect(inspectPhoto(file).orientation).toBe(6)
  })

  it('a photo that is cut short is refused although a picture stands behind it', async () => {
    for (const share of [0.4, 0.7, 0.99]) {
      const cut = photo.subarray(0, Math.floor(share * photo.length))
      await expect(decodePhoto(joinBytes(cut, other), codecs)).rejects.toMatchObject({
        code: 'image_unreadable',
      })
    }
  })
})
