import { describe, expect, it } from 'vitest'
import { maxEnrollmentBytes } from '../../../src/api/request/limits.ts'
import { maxPhotoBytes } from '../../../src/image/limits.ts'
import { expectProblem } from '../../support/app/problems.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  form,
  json,
  photo,
} from '../../support/app/test-app.ts'

const mebibyte = 1024 * 1024

/** A photo of unknown length that arrives in pieces of 1 MiB; `sent` counts them. */
function endless(pieces: number) {
  const state = { sent: 0 }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (state.sent++ === pieces) return controller.close()
      controller.enqueue(new Uint8Array(mebibyte))
    },
  })
  return { state, body }
}

describe('the size of a body', () => {
  const headers = { ...bearer(adminKey), 'Content-Type': 'image/jpeg' }
  const { send, engine } = createTestApp()

  it('is counted while it arrives, and reading stops over the limit', async () => {
    const { body, state } = endless(1000)
    const response = await send('/encode', { method: 'POST', headers, body })
    expect(await expectProblem(response, 'image_too_large')).toContain(String(maxPhotoBytes))
    expect(state.sent).toBeLessThan(20)
    expect(engine.encoded).toEqual([])
  })

  it('is not believed when Content-Length says less', async () => {
    const { body } = endless(20)
    const lying = { ...headers, 'Content-Length': '1000' }
    const response = await send('/encode', { method: 'POST', headers: lying, body })
    await expectProblem(response, 'image_too_large')
  })

  it('is refused unread when Content-Length says more', async () => {
    const { body, state } = endless(1)
    const declared = { ...headers, 'Content-Length': String(maxPhotoBytes + 1) }
    const response = await send('/encode', { method: 'POST', headers: declared, body })
    await expectProblem(response, 'image_too_large')
    expect(state.sent).toBeLessThanOrEqual(1)
  })

  it('of forms and JSON is limited the same way', async () => {
    for (const type of ['multipart/form-data; boundary=B', 'application/json']) {
      const { body } = endless(100)
      const response = await send('/encode', {
        method: 'POST',
        headers: { ...headers, 'Content-Type': type },
        body,
      })
      await expectProblem(response, 'image_too_large')
    }
  })

  it('of an enrollment may be 24 MiB', async () => {
    const form = { ...headers, 'Content-Type': 'multipart/form-data; boundary=B' }
    const pieces = maxEnrollmentBytes / mebibyte
    const fitting = { method: 'PUT', headers: form, body: endless(pieces).body }
    // It fits, and is then found not to be a form.
    await expectProblem(await send('/admin/identities/large', fitting), 'invalid_request')
    const over = { method: 'PUT', headers: form, body: endless(pieces + 1).body }
    await expectProblem(await send('/admin/identities/large', over), 'image_too_large')
  })

  it('of a body that breaks off is no fault of ours', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('connection reset'))
      },
    })
    const response = await send('/encode', { method: 'POST', headers, body })
    await expectProblem(response, 'invalid_request')
  })
})

describe('the shape of a body', () => {
  const { send, engine } = createTestApp()
  const post = (path: string, body: string) =>
    send(path, {
      method: 'POST',
      headers: { ...bearer(appKey), 'Content-Type': 'application/json' },
      body,
    })

  it('of JSON may not nest deeper than a list of photos', async () => {
    for (const text of ['{"image":[["AAAA"]]}', `{"image":${'['.repeat(10_000_000)}`]) {
      const detail = await expectProblem(await post('/detect', text), 'invalid_request')
      expect(detail).toBe('body: expected at most 2 levels; a photo is text in base64')
    }
  })

  it('of JSON may not have more values than a request takes', async () => {
    const fields = Array.from({ length: 1_000_000 }, (_, i) => `"${i}":1`).join(',')
    const detail = await expectProblem(await post('/detect', `{${fields}}`), 'invalid_request')
    expect(detail).toBe('body: expected at most 64 values')
  })

  it('of JSON may not name a field twice, whatever the readers before us made of it', async () => {
    const image = base64('face eve 0')
    const text = `{"identity":"eve","image":"${image}","\\u0069dentity":"fay"}`
    const detail = await expectProblem(await post('/verify', text), 'invalid_request')
    expect(detail).toBe('field "identity": sent twice, expected once')
  })

  it('of a form may not have more than 32 parts', async () => {
    const parts = (count: number) =>
      Array.from({ length: count }, (_, i) => [`f${i}`, 'x'] as [string, string])
    const many = await expectProblem(await send('/detect', form(parts(33))), 'invalid_request')
    expect(many).toContain('expected at most 32 parts')
  })

  it('lets through what has the shape of a request', async () => {
    const image = base64('face eve 0')
    expect((await send('/compare', json({ left: image, right: image }))).status).toBe(200)
    expect((await send('/detect', form([['image', photo('face eve 0')]]))).status).toBe(200)
    expect(engine.encoded).toHaveLength(2)
  })
})
