import { describe, expect, it } from 'vitest'
import { maxEnrolmentBytes, maxPhotoBytes } from '../../src/api/limits.ts'
import { expectProblem } from '../support/problems.ts'
import { adminKey, bearer, createTestApp } from '../support/test-app.ts'

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

  it('of an enrolment may be 24 MiB', async () => {
    const form = { ...headers, 'Content-Type': 'multipart/form-data; boundary=B' }
    const pieces = maxEnrolmentBytes / mebibyte
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
