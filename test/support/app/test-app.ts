/** The app with a fake engine and a calibration of its own, and the requests that tests send to it. */
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import galleryKernel from '../../../build/kernels/gallery.wasm'
import { type AppOptions, createApp } from '../../../src/app.ts'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { addressHeader } from '../../../src/guard/caller/client-address.ts'
import { createFakeEngine, fakeModel } from './fake-engine.ts'

export const adminKey = 'test-admin-key'
export const appKey = 'test-app-key'

/** Thresholds that fall with the number of encodings and people, at the rates 0.01 and 0.001. */
export function madeUpCalibration(model: string) {
  const row = (fmr: number, threshold: number) => ({
    fmr,
    threshold,
    interval: [fmr, fmr] as const,
  })
  return {
    model,
    metric: { kind: 'l2' },
    data: 'made up',
    date: '2026-11-24',
    command: 'none',
    verification: [
      { encodings: 1, ...row(0.01, 0.6) },
      { encodings: 3, ...row(0.01, 0.55) },
      { encodings: 10, ...row(0.01, 0.5) },
      { encodings: 1, ...row(0.001, 0.5) },
      { encodings: 3, ...row(0.001, 0.45) },
      { encodings: 10, ...row(0.001, 0.4) },
    ],
    identification: [
      { people: 10, ...row(0.01, 0.5) },
      { people: 1000, ...row(0.01, 0.4) },
      { people: 10, ...row(0.001, 0.4) },
      { people: 1000, ...row(0.001, 0.3) },
    ],
  }
}

export const testCalibrations = readCalibrationTable({
  format: 2,
  calibrations: [madeUpCalibration(fakeModel)],
})

export function createTestApp(options: Partial<AppOptions> = {}) {
  const engine = createFakeEngine()
  const app = createApp({
    loadEngine: async () => engine,
    checkHealth: async () => {},
    galleryKernel,
    calibrations: testCalibrations,
    // Tests say which photos are looked at, however busy the machine is.
    headStartMs: 500,
    ...options,
  })
  // Each app is called from an address of its own, so that no test is limited by the failures of others.
  const address = randomAddress()
  const send = (path: string, init: RequestInit = {}, bindings: object = env) => {
    const headers = new Headers(init.headers)
    if (!headers.has(addressHeader)) headers.set(addressHeader, address)
    return app.request(path, { ...init, headers }, bindings)
  }
  return { app, engine, send }
}

function randomAddress(): string {
  const [high, low] = crypto.getRandomValues(new Uint16Array(2))
  return `2001:db8:${high.toString(16)}:${low.toString(16)}::1`
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

/** Enrolls a person of the fake engine; returns the answer. */
export async function enroll(
  send: (path: string, init: RequestInit) => Response | Promise<Response>,
  id: string,
  photos: readonly string[] = [`face ${id} 0`],
  fields: Record<string, unknown> = {},
): Promise<Response> {
  const body = { images: photos.map(base64), ...fields }
  return await send(`/admin/identities/${id}`, json(body, adminKey, 'PUT'))
}

/** What /verify answers, with 200, about a face of the fake engine. */
export async function verify(
  { send }: Pick<ReturnType<typeof createTestApp>, 'send'>,
  identity: string,
  text: string,
  bindings: object = env,
): Promise<Record<string, unknown>> {
  const response = await send('/verify', json({ identity, image: base64(text) }), bindings)
  expect(response.status).toBe(200)
  return await response.json<Record<string, unknown>>()
}
