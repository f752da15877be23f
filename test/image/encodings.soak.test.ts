/**
 * What becomes of one portrait in each encoding. The rows are kept in docs/photos/encodings.json, out of which the table of docs/photos.md is
 * written; `npx vitest run --project soak test/image/encodings.soak.test.ts -u` measures them anew.
 */
import { beforeAll, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { portraitEncodings } from '../support/photos/portrait-encodings.ts'
import { probeFile, readPhoto } from '../support/photos/sample-photos.ts'

let models: Models
let portrait: RgbImage
let encoding: Float32Array

beforeAll(async () => {
  models = await realModels()
  const photo = await readPhoto(probeFile)
  portrait = await decodePhoto(photo, models.codecs)
  encoding = (await encodePhoto(models, photo)).encoding
})

it('reads a portrait in all encodings but those that are named, and as the same person', async () => {
  const rows = []
  for (const { name, make } of portraitEncodings) {
    const photo = await make(portrait)
    rows.push({ encoding: name, ...(await outcomeOf(photo)) })
  }
  expect(rows.length).toBeGreaterThanOrEqual(60)
  // Without colour or with next to no detail a portrait is another picture of the same person.
  for (const row of rows)
    if ('distance' in row) expect(row.distance, row.encoding).toBeLessThan(0.3)
  await expect(`${JSON.stringify(rows, null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/photos/encodings.json',
  )
})

async function outcomeOf(
  photo: Uint8Array,
): Promise<{ distance: number } | { code: string; detail: string }> {
  try {
    const encoded = await encodePhoto(models, photo, { purpose: 'probe' })
    return { distance: Number(distance(encoded.encoding, encoding).toFixed(2)) }
  } catch (error) {
    if (!(error instanceof FaceError)) throw error
    return { code: error.code, detail: error.message }
  }
}
