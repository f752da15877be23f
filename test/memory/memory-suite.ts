/**
 * What an isolate holds after many requests with the real networks: as many tensors, and as large a WASM heap, as after a few.
 */
import { env } from 'cloudflare:workers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import knownPhoto from '../../build/known-face/photo.bin'
import { createApp } from '../../src/app.ts'
import {
  bundledAssets,
  checkHealth,
  galleryKernel,
  loadBundledEngine,
} from '../../src/engine/bundled-engine.ts'
import { createCodecs } from '../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import { warp } from '../../src/image/warp.ts'
import { wasmHeapBytes } from '../../src/network/backend.ts'
import { adminKey, bearer, form } from '../support/app/test-app.ts'
import { makePng } from '../support/photos/make-png.ts'

/** Side of the photos in pixels: small, so that so many requests take a minute and not ten. */
const side = 96

type Kind = 'good' | 'turned' | 'no_face' | 'damaged'

/** More than one person is asked for in an hour outside this test. */
const busyEnv = { ...env, ATTEMPTS_PER_HOUR: 100_000 }
const app = createApp({ loadEngine: loadBundledEngine, checkHealth, galleryKernel })
const photos = new Map<Kind, Uint8Array>()

beforeAll(async () => {
  const known = await decodePhoto(new Uint8Array(knownPhoto), createCodecs(bundledAssets.codecs))
  const scale = known.width / side
  const small = warp(known, { a: scale, b: 0, x0: 0, y0: 0 }, side)
  // A photo lying on its side is found too, after more looks.
  const turned = warp(known, { a: 0, b: scale, x0: known.width, y0: 0 }, side)
  const pngOf = (square: Float32Array) =>
    makePng({
      width: side,
      height: side,
      colourType: 2,
      bitDepth: 8,
      sample: (x, y) => {
        const at = (y * side + x) * 3
        return [...square.subarray(at, at + 3)].map(Math.round)
      },
    })
  const good = pngOf(small)
  photos.set('good', good)
  photos.set('turned', pngOf(turned))
  photos.set('no_face', pngOf(new Float32Array(side * side * 3).fill(90)))
  photos.set('damaged', good.slice(0, good.length - 100))
})

/** Mostly good photos; those without a face are slow, because every look and turn is tried. */
function kindOf(request: number): Kind {
  if (request % 100 === 50) return 'no_face'
  if (request % 100 === 75) return 'turned'
  return request % 10 === 3 ? 'damaged' : 'good'
}

const expectedStatus: Readonly<Record<Kind, number>> = {
  good: 200,
  turned: 200,
  no_face: 422,
  damaged: 400,
}

/** One request to one of the endpoints in turn; returns its status. */
async function send(request: number, kind: Kind): Promise<number> {
  const bytes = photos.get(kind)!
  const [path, init] = endpoints[request % endpoints.length]!(bytes)
  const response = await app.request(path, init, busyEnv)
  await response.arrayBuffer()
  return response.status
}

const file = (bytes: Uint8Array): File => new File([bytes], 'photo.png')
// With an administrator's key: an app's would be told to wait after so many photos.
const verifyForm = (bytes: Uint8Array) => {
  const fields = [
    ['identity', 'eve'],
    ['image', file(bytes)],
  ] as const
  return ['/verify', form([...fields], adminKey)] as const
}
const verifyRaw = (bytes: Uint8Array) => {
  const headers = { ...bearer(adminKey), 'Content-Type': 'image/png' }
  return ['/verify?identity=eve', { method: 'POST', headers, body: bytes }] as const
}
const encode = (bytes: Uint8Array) => ['/encode', form([['image', file(bytes)]], adminKey)] as const
const enroll = (bytes: Uint8Array) =>
  ['/admin/identities/eve', form([['image', file(bytes)]], adminKey, 'PUT')] as const

const endpoints = [verifyForm, encode, verifyRaw, verifyForm, encode, verifyRaw, enroll]

/** @param requests at least 100: of so many one is turned and one without a face */
export function describeMemory(requests: number): void {
  describe('memory', () => {
    it(`is flat over ${requests} requests: good photos, turned ones, damaged ones, no face`, async () => {
      const enrolled = await app.request(
        '/admin/identities/eve',
        form([['image', new File([photos.get('good')!], 'eve.png')]], adminKey, 'PUT'),
        env,
      )
      expect(enrolled.status).toBe(201)
      for (let request = 0; request < 4; request++) {
        for (const kind of ['good', 'turned', 'no_face', 'damaged'] as const) {
          expect(await send(request, kind), kind).toBe(expectedStatus[kind])
        }
      }
      const { numTensors, numBytes } = tf.memory()
      const heap = wasmHeapBytes()
      const wrong: string[] = []
      for (let request = 0; request < requests; request++) {
        const kind = kindOf(request)
        const status = await send(request, kind)
        if (request % 500 === 499) console.log(`${request + 1} of ${requests} requests`)
        if (status !== expectedStatus[kind]) wrong.push(`${request} ${kind}: ${status}`)
      }
      expect(wrong).toEqual([])
      expect(tf.memory()).toMatchObject({ numTensors, numBytes })
      expect(wasmHeapBytes()).toBe(heap)
      console.log(`${numTensors} tensors, WASM heap ${(heap / 2 ** 20).toFixed(1)} MiB`)
    })
  })
}
