/**
 * Photos that must let nobody in, through /verify of the real bundle: what shows no face that could be compared, and
 * photos of other people, corrupted.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { corruptPhoto, defocus } from '../../support/photos/corrupt-photo.ts'
import { makeJpeg } from '../../support/photos/make-photo.ts'
import {
  drawImage,
  profileFile,
  readPhoto,
  type SamplePerson,
  sampleImage,
  samplePeople,
  shrinkImage,
} from '../../support/photos/sample-photos.ts'
import { seededRandom } from '../../support/random.ts'
import { enrollSamples, type RealBundle } from '../../support/running/real-bundle.ts'

interface Answer {
  readonly status?: number
  readonly code?: string
  readonly detail?: string
  readonly decision?: string
  readonly reason?: string
}

async function verify({ admin }: RealBundle, identity: string, image: Uint8Array): Promise<Answer> {
  // No failure of before counts: all that stands between a stranger and a match is the comparison.
  expect((await admin.post(`/admin/identities/${identity}/unlock`, {})).status).toBe(204)
  // Nor does a budget: an administrator's key has none.
  return await (await admin.post('/verify', { identity, image })).json<Answer>()
}

export function describeUselessPhotos(bundle: RealBundle): void {
  describe('/verify with a photo that cannot be compared', () => {
    beforeAll(() => enrollSamples(bundle))

    const side = 240
    const random = seededRandom(1)
    const isWithin = (x: number, y: number, atX: number, atY: number, radius: number) =>
      Math.hypot(x - atX, y - atY) < radius
    /** Black lines on white: a circle with two eyes and a mouth. */
    const drawing = drawImage(side, side, (x, y) => {
      const isHead = isWithin(x, y, 120, 120, 90) && !isWithin(x, y, 120, 120, 86)
      const isEye = isWithin(x, y, 88, 96, 9) || isWithin(x, y, 152, 96, 9)
      const isMouth = x > 88 && x < 152 && y > 156 && y < 163
      return isHead || isEye || isMouth ? [0, 0, 0] : [255, 255, 255]
    })
    /** Sky above, a meadow below. */
    const nobody = drawImage(side, side, (x, y) => {
      const wave = 14 * Math.sin(x / 17) + 9 * Math.sin(x / 5 + y / 3)
      return y < 130 + wave ? [120 + y / 3, 160 + y / 3, 235] : [60 + wave, 130 + 2 * wave, 40]
    })
    const noise = drawImage(side, side, () => [0, 1, 2].map(() => 255 * random()))
    const black = drawImage(side, side, () => [0, 0, 0])

    it.each([
      ['of nobody', () => makeJpeg(nobody), 'no_face', 'No face was found'],
      ['that is a drawing', () => makeJpeg(drawing), 'no_face', 'No face was found'],
      ['that is noise', () => makeJpeg(noise), 'no_face', 'No face was found'],
      ['that is black', () => makeJpeg(black), 'face_too_dark', 'The photo is too dark'],
      [
        'of a face out of focus',
        async () => makeJpeg(defocus(await sampleImage('eve'), 14)),
        'face_too_blurry',
        'blur|sharpness',
      ],
      [
        'of a face in profile',
        () => readPhoto(profileFile),
        'face_turned_away',
        'turned to the side',
      ],
    ])('%s says so', async (_, photo, code, detail) => {
      const answer = await verify(bundle, 'eve', await photo())
      expect(answer).toMatchObject({ status: 422, code })
      expect(answer.detail).toMatch(new RegExp(detail))
    })
  })
}

/** @param count photos, each of somebody else than it is shown as */
export function describeImpostors(bundle: RealBundle, count: number): void {
  describe('/verify with a photo of somebody else', () => {
    /** 210 to 230 pixels wide. */
    const images = new Map<SamplePerson, RgbImage>()
    beforeAll(async () => {
      await enrollSamples(bundle)
      for (const person of samplePeople) {
        images.set(person, shrinkImage(await sampleImage(person), 2))
      }
    })

    const pairs = samplePeople.flatMap((claimed) =>
      samplePeople.filter((shown) => shown !== claimed).map((shown) => ({ claimed, shown })),
    )

    it(`matches nobody, however it is corrupted: ${count} photos`, async () => {
      const outcomes = new Map<string, number>()
      const wrong: string[] = []
      for (let seed = 1; seed <= count; seed++) {
        const { claimed, shown } = pairs[seed % pairs.length]!
        const answer = await verify(bundle, claimed, await corruptPhoto(images.get(shown)!, seed))
        const outcome = answer.code ?? answer.reason ?? answer.decision ?? 'none'
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        const isRefused = answer.decision === 'no_match' || [400, 422].includes(answer.status ?? 0)
        if (!isRefused)
          wrong.push(`seed ${seed}, ${shown} as ${claimed}: ${JSON.stringify(answer)}`)
      }
      console.log(JSON.stringify(Object.fromEntries(outcomes)), wrong)
      expect(wrong).toEqual([])
      // Corrupted, not destroyed: most are faces that had to be told apart.
      expect(outcomes.get('no_match')).toBeGreaterThan(count / 2)
    })
  })
}
