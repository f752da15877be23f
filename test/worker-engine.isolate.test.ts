import { env } from 'cloudflare:workers'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import knownPhoto from '../build/known-face/photo.bin'
import { createApp } from '../src/app.ts'
import { readCalibrationTable } from '../src/decision/calibration-table.ts'
import {
  bundledAssets,
  bundledNorm,
  checkHealth,
  galleryKernel,
} from '../src/engine/bundled-engine.ts'
import { createEngine, type FaceEngine, loadModels } from '../src/engine/face-engine.ts'
import { expectProblem } from './support/app/problems.ts'
import { appKey, bearer, createTestApp } from './support/app/test-app.ts'
import { withFlippedByte } from './support/doubles/damaged-assets.ts'

let log: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

const detect = (): RequestInit => ({
  method: 'POST',
  headers: { ...bearer(appKey), 'Content-Type': 'image/jpeg' },
  body: knownPhoto.slice(0),
})

it('the length of the bundled encoding is that of dlib-resnet, 1.25 to 1.6', () => {
  expect(bundledNorm()).toBeGreaterThan(1.25)
  expect(bundledNorm()).toBeLessThan(1.6)
})

// In this order: once an engine runs, it stays.
describe('the real engine in workerd', () => {
  it.each(['dlib-resnet', 'face-landmark-68'])(
    'is engine_unavailable with a damaged shard of %s, and keeps nothing of it',
    async (network) => {
      const load = async () => createEngine(await loadModels(withFlippedByte(network)))
      const { send } = createTestApp({ loadEngine: load, checkHealth })
      for (const request of [send('/detect', detect()), send('/health')]) {
        const detail = await expectProblem(await request, 'engine_unavailable')
        expect(detail).toBe('The network could not be started.')
      }
      expect(JSON.stringify(log.mock.calls)).toContain(`${network}-0.bin: has SHA-256`)
      expect(tf.memory().numTensors).toBe(0)
    },
  )

  it('starts at the next request when the shards are sound again', async () => {
    const loadEngine = vi
      .fn(async () => createEngine(await loadModels(bundledAssets)))
      .mockImplementationOnce(async () =>
        createEngine(await loadModels(withFlippedByte('blazeface-full-range'))),
      )
    const { send } = createTestApp({
      loadEngine,
      checkHealth,
      calibrations: readCalibrationTable(),
    })
    await expectProblem(await send('/detect', detect()), 'engine_unavailable')
    const response = await send('/detect', detect())
    expect(response.status).toBe(200)
    const { faces } = await response.json<{ faces: unknown[] }>()
    expect(faces).toHaveLength(1)
    expect((await send('/health')).status).toBe(200)
    expect(loadEngine).toHaveBeenCalledTimes(2)
  })

  it('is healthy only if the known face gives the very bits that set-up computed in Node', async () => {
    const engine = createEngine(await loadModels(bundledAssets))
    expect(engine.runsOn).toBe('plan')
    await checkHealth(engine)
    const withOtherBit = (runsOn: FaceEngine['runsOn']): FaceEngine => ({
      ...engine,
      runsOn,
      async encode(photo, options) {
        const encoded = await engine.encode(photo, options)
        const encoding = encoded.encoding.slice()
        new Uint32Array(encoding.buffer)[7]! ^= 1
        return { ...encoded, encoding }
      },
    })
    await expect(checkHealth(withOtherBit('plan'))).rejects.toThrow('away from its encoding')
    await checkHealth(withOtherBit('stock'))
  })

  it('refuses to serve without its settings, and names them', async () => {
    const loadEngine = vi.fn(async () => createEngine(await loadModels(bundledAssets)))
    const app = createApp({ loadEngine, checkHealth, galleryKernel })
    const request = (bindings: object) => app.request('/detect', detect(), bindings)
    const withoutKey = await request({ ...env, APP_KEY: undefined })
    expect(await expectProblem(withoutKey, 'not_configured')).toBe('APP_KEY is not set.')
    const withoutStore = await request({ ...env, IDENTITIES: undefined })
    expect(await expectProblem(withoutStore, 'not_configured')).toBe(
      'IDENTITIES is not bound to a KV namespace.',
    )
    expect(loadEngine).not.toHaveBeenCalled()
  })
})
