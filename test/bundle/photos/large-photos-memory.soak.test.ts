/**
 * What the isolate grows by while photos of 12 megapixels come, thirty of them, two at once, however they are sent: the process that runs the
 * real bundle, at its highest, beside what it took before the first request; code, networks and garbage included.
 */
import { beforeAll, expect, it } from 'vitest'
import { peakBytes, residentBytes, workerdPids } from '../../../bench/measure/process-memory.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { grainyPhoto } from '../../support/photos/grainy-photo.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { probeFile, readPhoto } from '../../support/photos/sample-photos.ts'
import { bundleKeys, type RealBundle, startBundle } from '../../support/running/real-bundle.ts'

const mebibyte = 2 ** 20
const most = 100 * mebibyte
const rounds = 15

let photo: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  const portrait = await decodePhoto(await readPhoto(probeFile), createNodeCodecs())
  photo = new Uint8Array(await grainyPhoto(portrait, 4032, 3024, 1800))
  expect(photo.length).toBeGreaterThan(3 * mebibyte)
}, 120_000)

const ways: readonly [string, () => RequestInit][] = [
  ['as the body', () => ({ body: photo, headers: { 'Content-Type': 'image/jpeg' } })],
  [
    'as a form',
    () => {
      const body = new FormData()
      body.set('image', new Blob([photo]))
      return { body }
    },
  ],
  [
    'in JSON',
    () => ({
      body: JSON.stringify({ image: Buffer.from(photo).toString('base64') }),
      headers: { 'Content-Type': 'application/json' },
    }),
  ],
]

it.each(ways)('a photo of 12 megapixels takes less than 100 MiB: %s', async (way, write) => {
  const before = await workerdPids()
  const bundle = await startBundle()
  try {
    const pids = (await workerdPids()).filter((pid) => !before.includes(pid))
    expect(pids.length).toBeGreaterThan(0)
    const idle = await Promise.all(pids.map(residentBytes))
    for (let round = 0; round < rounds; round++) {
      await Promise.all([encode(bundle, write()), encode(bundle, write())])
    }
    const peaks = await Promise.all(pids.map(peakBytes))
    const growth = Math.max(...peaks.map((peak, i) => peak - idle[i]!))
    console.log(`${way}: ${(growth / mebibyte).toFixed(0)} MiB`)
    expect(growth).toBeLessThan(most)
  } finally {
    await bundle.server.close()
  }
})

async function encode({ url }: RealBundle, { headers, ...request }: RequestInit): Promise<void> {
  const response = await fetch(new URL('/encode', url), {
    ...request,
    method: 'POST',
    headers: { ...headers, Authorization: `Bearer ${bundleKeys.admin}` },
  })
  expect(response.status).toBe(200)
  await response.arrayBuffer()
}
