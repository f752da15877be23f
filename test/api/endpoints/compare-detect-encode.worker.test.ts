import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { fakeEncoding, fakeFace, fakeModel, fakeQuality } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import {
  adminKey,
  base64,
  createTestApp,
  form,
  json,
  photo,
  raw,
} from '../../support/app/test-app.ts'

const seen = { face: fakeFace, quality: fakeQuality }

describe('POST /compare', () => {
  it('decides for two photos, in either order', async () => {
    const { send, engine } = createTestApp()
    const near = base64('face kian 0.1')
    const far = base64('face kian 0.4')
    const response = await send('/compare', json({ left: near, right: far }))
    const body = await response.json<{ distance: number }>()
    expect(body).toEqual({
      decision: 'match',
      // 2 sin(asin 0.2 - asin 0.05)
      distance: expect.closeTo(0.30152, 5),
      threshold: 0.5,
      fmr: 0.001,
      model: fakeModel,
      calibrated: true,
      left: { ...seen, liveness: 'not_checked' },
      right: { ...seen, liveness: 'not_checked' },
      requestId: response.headers.get('x-request-id'),
    })
    const turned = await send('/compare', json({ left: far, right: near }))
    expect((await turned.json<{ distance: number }>()).distance).toBe(body.distance)
    expect(engine.encoded.every(({ mirror, faces }) => !mirror && faces === 'only')).toBe(true)
  })

  it('takes a form, and a calibrated rate', async () => {
    const { send } = createTestApp()
    const fields = [
      ['left', photo('face kian 0')],
      ['right', photo('face benoit 0')],
      ['fmr', '0.01'],
    ] as const
    const response = await send('/compare', form(fields), { ...env, FMR: 0.01 })
    expect(await response.json()).toMatchObject({ decision: 'no_match', fmr: 0.01, threshold: 0.6 })
    await expectProblem(await send('/compare', form(fields)), 'invalid_request')
  })

  it.each(['left', 'right'])('says that it was the %s photo', async (side) => {
    const { send } = createTestApp()
    const photos = {
      left: base64('face a 0'),
      right: base64('face a 0'),
      [side]: base64('no_face'),
    }
    const detail = await expectProblem(await send('/compare', json(photos)), 'no_face')
    expect(detail).toMatch(new RegExp(`^${side}: `))
  })

  it('asks for both photos', async () => {
    const { send } = createTestApp()
    const response = await send('/compare', json({ left: base64('face a 0') }))
    expect(await expectProblem(response, 'image_missing')).toContain('"right"')
  })

  it('takes no raw photo', async () => {
    await expectProblem(await createTestApp().send('/compare', raw('face a 0')), 'invalid_request')
  })
})

describe('POST /detect', () => {
  it('gives every face with box, landmarks and quality', async () => {
    const response = await createTestApp().send('/detect', raw('face kian 0'))
    const body = await response.json<{ faces: { landmarks: number[][] }[] }>()
    expect(body).toMatchObject({
      faces: [{ ...fakeFace, score: 0.9, quality: fakeQuality, liveness: 'not_checked' }],
      requestId: response.headers.get('x-request-id'),
    })
    expect(body.faces[0].landmarks).toHaveLength(68)
  })

  it('gives an empty list when there is no face', async () => {
    const response = await createTestApp().send('/detect', raw('no_face'))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ faces: [] })
  })

  it('takes no other field', async () => {
    const request = json({ image: base64('face kian 0'), identity: 'kian' })
    await expectProblem(await createTestApp().send('/detect', request), 'invalid_request')
  })
})

describe('POST /encode', () => {
  it('gives the 128 numbers and the model that made them', async () => {
    const { send, engine } = createTestApp()
    const response = await send('/encode', raw('face kian 0.25', adminKey))
    expect(await response.json()).toEqual({
      encoding: Array.from(fakeEncoding('kian', 0.25)),
      model: fakeModel,
      ...seen,
      requestId: response.headers.get('x-request-id'),
    })
    expect(engine.encoded).toEqual([{ text: 'face kian 0.25', mirror: false, faces: 'main' }])
  })
})
