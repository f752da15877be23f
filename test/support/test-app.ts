/** The app with a fake engine and a calibration of its own, and the requests that tests send to it. */
import { env } from 'cloudflare:workers'
import { type AppOptions, createApp } from '../../src/app.ts'
import { readCalibrationTable } from '../../src/decision/calibration.ts'
import { createFakeEngine, fakeModel } from './fake-engine.ts'

export const adminKey = 'test-admin-key'
export const appKey = 'test-app-key'

export const testCalibrations = readCalibrationTable({
  format: 1,
  metric: 'l2',
  calibrations: [
    {
      model: fakeModel,
      thresholds: [
        { fmr: 0.01, threshold: 0.6 },
        { fmr: 0.001, threshold: 0.5 },
      ],
      data: 'made up',
      date: '2026-11-24',
      command: 'none',
    },
  ],
})

export function createTestApp(options: Partial<AppOptions> = {}) {
  const engine = createFakeEngine()
  const app = createApp({
    loadEngine: async () => engine,
    checkHealth: async () => {},
    calibrations: testCalibrations,
    ...options,
  })
  const send = (path: string, init: RequestInit = {}, bindings: object = env) =>
    app.request(path, init, bindings)
  return { app, engine, send }
}

export function bearer(key: string): { Authorization: string } {
  return { Authorization: `Bearer ${key}` }
}

/** A request with JSON, with the key of the role that suits the path unless another is given. */
export function json(body: unknown, key: string = appKey, method = 'POST'): RequestInit {
  return {
    method,
    headers: { ...bearer(key), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** A request with a form: a string is a text field, a `photo()` a file. */
export function form(
  fields: readonly (readonly [string, string | File])[],
  key: string = appKey,
  method = 'POST',
): RequestInit {
  const body = new FormData()
  for (const [name, value] of fields) body.append(name, value)
  return { method, headers: bearer(key), body }
}

export function raw(body: BodyInit, key: string = appKey, method = 'POST'): RequestInit {
  return { method, headers: { ...bearer(key), 'Content-Type': 'image/jpeg' }, body }
}

export function photo(text: string): File {
  return new File([text], 'photo.jpg', { type: 'image/jpeg' })
}

/** As JSON carries it. */
export function base64(text: string): string {
  return btoa(text)
}

export function get(key: string): RequestInit {
  return { headers: bearer(key) }
}

/** Enrols a person of the fake engine; returns the answer. */
export async function enrol(
  send: (path: string, init: RequestInit) => Response | Promise<Response>,
  id: string,
  photos: readonly string[] = [`face ${id} 0`],
  fields: Record<string, unknown> = {},
): Promise<Response> {
  const body = { images: photos.map(base64), ...fields }
  return await send(`/admin/identities/${id}`, json(body, adminKey, 'PUT'))
}
