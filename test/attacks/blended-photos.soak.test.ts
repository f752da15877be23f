/**
 * The climber on the real bundle, with photos: whoever holds photos of everybody but the one who is attacked blends them, pixel by
 * pixel, and sends what came nearest again with another blended in. Nobody is waited for: what the budgets stop, stays stopped.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness } from 'wrangler'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { drawReceiptKey } from '../../scripts/setup/draw-receipt-key.ts'
import { resize } from '../../src/image/resize.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import {
  type SamplePerson,
  sampleFile,
  sampleImage,
  samplePeople,
} from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'
import { callerWith } from '../support/running/http.ts'

const keys = { ADMIN_KEY: 'attack-admin-key', APP_KEY: 'attack-app-key' }
const side = 300
/** After five failures nothing is compared any more. */
const queries = 15
const faces = new Map<SamplePerson, Float32Array>()

const serverWith = (vars: Record<string, string>) =>
  createTestHarness({
    root: projectRoot,
    workers: [
      {
        configPath: 'wrangler.toml',
        vars,
        secrets: {
          ...keys,
          TEMPLATE_KEYS: `test:${btoa('k'.repeat(32))}`,
          RECEIPT_KEYS: drawReceiptKey(),
        },
      },
    ],
  })

function toJpeg(square: Float32Array): Promise<Uint8Array> {
  const image: RgbImage = {
    width: side,
    height: side,
    data: new Uint8Array(square.map(Math.round)),
  }
  return makeJpeg(image)
}

beforeAll(async () => {
  for (const person of samplePeople) {
    const image = await sampleImage(person)
    const length = Math.min(image.width, image.height)
    const square = { x: 0, y: 0, width: length, height: length }
    faces.set(person, resize(image, square, side))
  }
})

const settings: Record<string, string>[] = [{}, { DETAIL: 'scores' }]

describe.each(settings)('a climber with blended photos, %j', (vars) => {
  const server = serverWith(vars)
  let url: URL
  beforeAll(async () => {
    ;({ url } = await server.listen())
    const admin = callerWith(keys.ADMIN_KEY, url)
    for (const person of samplePeople) {
      expect((await admin.put(`/admin/identities/${person}`, [sampleFile(person)])).status).toBe(
        201,
      )
    }
  })
  afterAll(() => server.close())

  it(`gets in as nobody in ${queries} queries each, and is locked out`, async () => {
    const app = callerWith(keys.APP_KEY, url)
    for (const target of samplePeople) {
      const random = seededRandom(target.charCodeAt(0))
      const others = samplePeople.filter((person) => person !== target)
      let best: { readonly face: Float32Array; readonly distance: number } | undefined
      const ends: string[] = []
      for (let query = 0; query < queries; query++) {
        const stranger = faces.get(others[Math.floor(random() * others.length)]!)!
        const weight = 0.25 + random() * 0.35
        const before = best?.face
        const face =
          before === undefined
            ? stranger
            : before.map((value, i) => value * (1 - weight) + stranger[i]! * weight)
        const response = await app.post('/verify', { identity: target, image: await toJpeg(face) })
        const { decision, code, distance } = await response.json<{
          decision?: string
          code?: string
          distance?: number
        }>()
        ends.push(decision ?? code ?? '')
        if (distance !== undefined && (best === undefined || distance < best.distance)) {
          best = { face, distance }
        }
      }
      console.log(JSON.stringify({ target, ...vars, ends: Object.fromEntries(tally(ends)) }))
      expect(ends).not.toContain('match')
      expect(['locked_out', 'rate_limited']).toContain(ends.at(-1))
    }
  }, 600_000)
})

function tally(texts: readonly string[]): Map<string, number> {
  return new Map(
    [...Map.groupBy(texts, (text) => text)].map(([text, all]) => [text, all.length] as const),
  )
}
