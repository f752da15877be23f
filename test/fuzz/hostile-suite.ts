/**
 * Hostile requests, lines and photos, drawn from a seed, against the app with the real decoders inside workerd. Each must be refused with
 * a code, soon; none may be a fault of ours, match anybody, or leave anything behind. A failure prints the smallest
 * request that still fails, and the seed and path that draw it again.
 */

import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import knownPhoto from '../../build/known-face/photo.bin'
import { problem } from '../../src/api/answer/problem.ts'
import { createApp } from '../../src/app.ts'
import { bundledAssets, galleryKernel, loadBundledEngine } from '../../src/engine/bundled-engine.ts'
import { type ErrorCode, errorTable } from '../../src/errors/error-table.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { createCodecs } from '../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import { importOutcome } from '../../src/people/lines/import-outcome.ts'
import { fakeSource } from '../support/app/fake-engine.ts'
import { resetStore } from '../support/app/reset-store.ts'
import {
  adminKey,
  bearer,
  createTestApp,
  enroll,
  get,
  testCalibrations,
} from '../support/app/test-app.ts'
import { hostilePhoto, photo } from './hostile-photos.ts'
import { type HostileRequest, hostileLines, hostileRequest, knownId } from './hostile-requests.ts'

const seed = 20_261_124
const timeoutMs = 10_000

beforeAll(() => resetStore())

const codecs = createCodecs(bundledAssets.codecs)
/** Decodes for real, and then finds no face. */
async function decodeOnly(bytes: Uint8Array): Promise<never> {
  const { width, height, data } = await decodePhoto(bytes, codecs)
  expect(data.length).toBe(width * height * 3)
  throw new FaceError('no_face', 'The engine of this test finds no face.')
}
const engine = { ...fakeSource, runsOn: 'plan', encode: decodeOnly, detect: decodeOnly } as const
const { send } = createTestApp({ loadEngine: async () => engine })

async function withinTime(response: Response | Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([response, late])
  } finally {
    clearTimeout(timer)
  }
}

function answerTo({ path, ...init }: HostileRequest): Promise<Response> {
  return withinTime(send(path, init))
}

async function listed(): Promise<unknown> {
  return await (await send('/admin/identities', get(adminKey))).json()
}

/** How many of each are drawn. */
export interface HostileCounts {
  readonly requests: number
  readonly lines: number
  readonly photos: number
  /** Codes that so many requests are refused with, each more than twice. */
  readonly reached: readonly ErrorCode[]
}

/** Those that even a few requests meet. */
export const commonCodes: readonly ErrorCode[] = [
  'image_missing',
  'image_unreadable',
  'image_unsupported',
  'image_too_large',
  'no_face',
  'invalid_request',
]

export function describeHostile(counts: HostileCounts): void {
  describe('hostile requests', () => {
    it(`are refused with a code, each of ${counts.requests}, and change nothing`, async () => {
      const { send: sendToFake } = createTestApp()
      expect((await enroll(sendToFake, knownId)).status).toBe(201)
      const before = await listed()
      const codes = new Map<string, number>()
      const property = fc.asyncProperty(hostileRequest, async (request) => {
        const response = await answerTo(request)
        const text = await response.text()
        // A query string or identity may happen to be a good one; then there is a page, or nothing to be seen.
        if (response.ok && ['query', 'id'].includes(request.kind)) {
          expect(request.method).toBe('GET')
          return
        }
        const told = problem.strict().parse(JSON.parse(text))
        expect(response.status).toBe(told.status)
        expect(told.status, told.code).toBeGreaterThanOrEqual(400)
        expect(told.status, told.code).toBeLessThan(500)
        expect(text.length).toBeLessThan(20_000)
        codes.set(told.code, (codes.get(told.code) ?? 0) + 1)
      })
      await fc.assert(property, { seed, numRuns: counts.requests })
      console.log(JSON.stringify(Object.fromEntries([...codes].sort(([, a], [, b]) => b - a))))
      // It got to the decoders and behind them, not only to the first check.
      for (const code of counts.reached) expect(codes.get(code) ?? 0, code).toBeGreaterThan(2)
      expect(await listed()).toEqual(before)
      const whole = { method: 'POST', headers: bearer(adminKey), body: knownPhoto.slice(0) }
      const still = { ...whole, headers: { ...whole.headers, 'Content-Type': 'image/jpeg' } }
      expect(await (await send('/detect', still)).json()).toMatchObject({ code: 'no_face' })
    })
  })

  describe('hostile lines', () => {
    it('have an outcome each, and none is a fault of ours', async () => {
      const { send: sendToFake } = createTestApp()
      const outcomes = new Map<string, number>()
      const property = fc.asyncProperty(hostileLines, async ({ path, ...init }) => {
        const response = await withinTime(sendToFake(path, init))
        const text = new TextDecoder().decode(await response.arrayBuffer())
        if (!response.ok) {
          const { code, status } = problem.strict().parse(JSON.parse(text))
          expect(status, code).toBeLessThan(500)
          return
        }
        const told = text
          .trimEnd()
          .split('\n')
          .map((line) => importOutcome.parse(JSON.parse(line)))
        expect(told.at(-1)).toMatchObject({ outcome: 'finished' })
        for (const outcome of told) {
          const isRefused = outcome.outcome === 'refused'
          if (isRefused) expect(errorTable[outcome.code].status, outcome.code).toBeLessThan(500)
          const kind = isRefused ? outcome.code : outcome.outcome
          outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
        }
      })
      await fc.assert(property, { seed, numRuns: counts.lines })
      console.log(JSON.stringify(Object.fromEntries(outcomes)))
      // Those between them that are in order got as far as the store.
      for (const kind of ['invalid_request', 'finished', 'unchanged']) {
        expect(outcomes.get(kind) ?? 0, kind).toBeGreaterThan(0)
      }
      // Whoever is stored now can be listed and read.
      const page = await (await sendToFake('/admin/identities?limit=1000', get(adminKey))).json<{
        identities: { identity: string }[]
      }>()
      for (const { identity } of page.identities) {
        const path = `/admin/identities/${identity}`
        expect((await sendToFake(path, get(adminKey))).status).toBe(200)
      }
    })
  })

  describe('hostile photos', () => {
    it('do no harm to the networks either', async () => {
      const log = vi.spyOn(console, 'error').mockImplementation(() => {})
      const real = await loadBundledEngine('plan')
      const app = createApp({
        loadEngine: async () => real,
        checkHealth: async () => {},
        galleryKernel,
        calibrations: testCalibrations,
      })
      const detect = async (body: Uint8Array) => {
        const headers = { ...bearer(adminKey), 'Content-Type': 'application/octet-stream' }
        return await withinTime(app.request('/detect', { method: 'POST', headers, body }, env))
      }
      const property = fc.asyncProperty(fc.oneof(hostilePhoto, photo), async (bytes) => {
        const response = await detect(bytes)
        if (response.status === 200) return
        const { code, status } = problem.strict().parse(await response.json())
        expect(status, code).toBeLessThan(500)
      })
      await fc.assert(property, { seed, numRuns: counts.photos })
      const { faces } = await (await detect(new Uint8Array(knownPhoto))).json<{
        faces: unknown[]
      }>()
      expect(faces).toHaveLength(1)
      expect(log).not.toHaveBeenCalled()
    })
  })
}
