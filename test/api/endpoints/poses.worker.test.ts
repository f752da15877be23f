/** A session that asks for poses: drawn, answered in order and in time, judged, and counted. */
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { maxPhotos } from '../../../src/api/request/limits.ts'
import { secondsForPose } from '../../../src/guard/session-poses.ts'
import { type AskedPose, isTurn as turns } from '../../../src/liveness/asked-poses.ts'
import { createFakeEngine } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import { adminKey, base64, createTestApp, enroll, get, json } from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

interface Drawn {
  poses: string[]
  complete: boolean
  expiresAt: string
}

async function sha256Of(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Buffer.from(hash).toString('hex')
}

const isTurn = (pose: string): boolean => turns(pose as AskedPose)

let take = 0
/** A photo of younes in a pose; each is another picture. */
const shot = (pose: string, person = 'younes'): string => `face ${person} 0.1 1 ${pose} ${take++}`

async function start(bindings: object = {}) {
  let nowMs = Date.UTC(2026, 10, 28)
  const { send: sendTo } = createTestApp({
    loadEngine: async () => createFakeEngine(),
    now: () => new Date(nowMs),
  })
  const send = (path: string, init: RequestInit) => sendTo(path, init, { ...env, ...bindings })
  expect((await enroll(send, 'younes')).ok).toBe(true)
  async function open(fields: object = {}) {
    const opened = await send(
      '/sessions',
      json({ identity: 'younes', liveness: 'active', ...fields }),
    )
    expect(opened.status).toBe(201)
    return await opened.json<{ session: string; token: string; liveness?: string }>()
  }
  const drawWith = (token: string) => send('/poses', json({}, token))
  async function draw(token: string): Promise<Drawn> {
    const response = await drawWith(token)
    expect(response.status).toBe(200)
    return await response.json<Drawn>()
  }
  const announceWith = async (token: string, photo: string) =>
    send('/poses/next', json({ photoSha256: await sha256Of(photo) }, token))
  /** The photos of a whole sequence, each announced in time. */
  async function takeAll(token: string, take = shot): Promise<string[]> {
    let { poses, complete } = await draw(token)
    const photos: string[] = []
    while (!complete) {
      expect(poses).toHaveLength(photos.length + 1)
      photos.push(take(poses.at(-1)!))
      const response = await announceWith(token, photos.at(-1)!)
      expect(response.status).toBe(200)
      ;({ poses, complete } = await response.json<Drawn>())
    }
    expect(poses).toHaveLength(photos.length)
    return photos
  }
  const answer = (token: string, photos: readonly string[], headers: object = {}) => {
    const init = json({ images: photos.map(base64) }, token)
    return send('/verify', { ...init, headers: { ...init.headers, ...headers } })
  }
  const read = async (session: string) =>
    await (await send(`/sessions/${session}`, get('test-app-key'))).json<Record<string, unknown>>()
  const wait = (seconds: number) => {
    nowMs += seconds * 1000
  }
  return { send, open, draw, drawWith, announceWith, takeAll, answer, read, wait }
}

const doAll = ({ poses }: Drawn, person?: string): string[] =>
  poses.map((pose) => shot(pose, person))

describe('a session with liveness active', () => {
  it('lets a head in that does what is drawn, and says so in answer, receipt and record', async () => {
    const { open, draw, answer, read } = await start()
    const { session, token, liveness } = await open()
    expect(liveness).toBe('active')
    const drawn = await draw(token)
    expect(drawn.poses[0]).toBe('ahead')
    const response = await answer(token, doAll(drawn))
    const decided = await response.json<{ receipt: string }>()
    expect(decided).toMatchObject({
      decision: 'match',
      liveness: 'active',
      livenessLevel: 'relief',
      triesLeft: 2,
    })
    expect(decodeJwt(decided.receipt)).toMatchObject({
      decision: 'match',
      liveness: 'active',
      livenessLevel: 'relief',
      sid: session,
    })
    expect(await read(session)).toMatchObject({
      status: 'matched',
      liveness: 'active',
      receipt: decided.receipt,
      attempts: [{ decision: 'match', liveness: 'active', livenessLevel: 'relief' }],
    })
  })

  it.each([
    ['left', 'left/6', 'turn_left', 'Turn a little more to the left.'],
    ['left', 'right', 'turn_left', 'Turn a little more to the left.'],
    ['right', 'right/5', 'turn_right', 'Turn a little more to the right.'],
    [
      'right',
      'right/44',
      'turned_too_far',
      'Turn back a little, straight in the direction of the arrow.',
    ],
    ['up', 'up/4', 'look_up', 'Look up a little more.'],
    ['down', 'up', 'look_down', 'Look down a little more.'],
    ['nearer', 'ahead', 'come_nearer', 'Bring the phone a little nearer.'],
    ['ahead', 'left', 'look_ahead', 'Look straight at the camera.'],
  ])('asked for %s and shown %s says %s, spends the try and locks nobody', async (...row) => {
    const [asked, shown, reason, hint] = row
    const { open, draw, answer } = await start()
    let drawn: Drawn
    let token: string
    do {
      token = (await open({ tries: 1 })).token
      drawn = await draw(token)
    } while (!drawn.poses.includes(asked))
    const photos = drawn.poses.map((pose) => shot(pose === asked ? shown : pose))
    const response = await answer(token, photos)
    expect(await response.json()).toMatchObject({
      decision: 'no_match',
      reason,
      hint,
      liveness: 'not_checked',
      triesLeft: 0,
    })
    expect((await guardOf('younes'))?.attempts.failures).toBe(0)
    await expectProblem(await answer(token, photos), 'session_over')
  })

  it('refuses a picture that moves, and counts it as a failure', async () => {
    const { open, draw, answer } = await start()
    const { token } = await open()
    const { poses } = await draw(token)
    const photos = poses.map((pose) =>
      shot(pose === 'left' || pose === 'right' ? `flat-${pose}` : pose),
    )
    const response = await answer(token, photos)
    expect(await response.json()).toMatchObject({ decision: 'no_match', reason: 'flat' })
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
  })

  it('refuses somebody else in one frame, and one picture in two', async () => {
    const { open, draw, answer } = await start()
    const { token } = await open()
    const drawn = await draw(token)
    const others = drawn.poses.map((pose, i) => shot(pose, i === 1 ? 'stranger' : 'younes'))
    expect(await (await answer(token, others)).json()).toMatchObject({ reason: 'other_person' })
    const again = await draw(token)
    const photos = doAll(again)
    expect(await (await answer(token, photos)).json()).toMatchObject({ decision: 'match' })
    const later = (await open()).token
    let drawnLater = await draw(later)
    for (let i = 0; i < 2 && drawnLater.poses.join() !== again.poses.join(); i++) {
      drawnLater = await draw(later)
    }
    const replayed = drawnLater.poses.map((pose) => {
      const place = again.poses.indexOf(pose)
      return place < 0 ? shot(pose) : photos[place]!
    })
    expect(await (await answer(later, replayed)).json()).toMatchObject({
      decision: 'no_match',
      reason: 'seen_before',
    })
  })

  it('refuses somebody else who turns, whose first photo looks like both, and does not say that it does', async () => {
    const { open, draw, answer, read } = await start()
    const { session, token } = await open()
    const shotAt = (offset: number, pose: string) => `face younes ${offset} 1 ${pose} ${take++}`
    const { poses } = await draw(token)
    const far = poses.map((pose) => shotAt(isTurn(pose) ? 0.7 : 0.35, pose))
    const refused = await (await answer(token, far)).json()
    expect(refused).toMatchObject({ decision: 'no_match', triesLeft: 2 })
    expect(refused).not.toHaveProperty('reason')
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
    expect(await read(session)).toMatchObject({ status: 'open' })
    const again = await open()
    const { poses: others } = await draw(again.token)
    const photos = others.map((pose) => shotAt(isTurn(pose) ? 0.5 : 0.35, pose))
    expect(await (await answer(again.token, photos)).json()).toMatchObject({ decision: 'match' })
  })

  it('refuses who is enrolled and turns, whose first photo looks like both', async () => {
    const { send, open, draw, answer } = await start()
    const unlock = async () => {
      const { token } = await open()
      const { poses } = await draw(token)
      const photos = poses.map(
        (pose) => `face younes ${isTurn(pose) ? 0.5 : 0.35} 1 ${pose} ${take++}`,
      )
      return await (await answer(token, photos)).json<object>()
    }
    expect(await unlock()).toMatchObject({ decision: 'match' })
    const another = await enroll(send, 'zoe', ['face younes 0.75'], { allowDuplicate: true })
    expect(another.ok).toBe(true)
    expect(await unlock()).toMatchObject({ decision: 'no_match', reason: 'nearer_to_another' })
  })

  it('lets one of two sessions in that send the same photo at the same moment, and records it so', async () => {
    const { open, draw, answer, read } = await start()
    const sessions = [await open(), await open()]
    const ahead = shot('ahead')
    const sent: (readonly [token: string, photos: string[]])[] = []
    for (const { token } of sessions) {
      const { poses } = await draw(token)
      sent.push([token, poses.map((pose, i) => (i === 0 ? ahead : shot(pose)))])
    }
    const answers = await Promise.all(sent.map(([token, photos]) => answer(token, photos)))
    const [match, other] = answers.toSorted((left, right) => left.status - right.status)
    expect(await match!.json()).toMatchObject({ decision: 'match' })
    const detail = await expectProblem(other!, 'poses_over')
    expect(detail).toBe('The photos were sent in another session at the same time.')
    const records = await Promise.all(sessions.map(({ session }) => read(session)))
    expect(records.map(({ status }) => status).toSorted()).toEqual(['matched', 'open'])
    // It may be sent again as often as one likes.
    const late = answers.indexOf(other!)
    const { poses } = await draw(sent[late]![0])
    const again = poses.map((pose, i) => (i === 0 ? ahead : shot(pose)))
    expect(await (await answer(sent[late]![0], again)).json()).toMatchObject({
      decision: 'no_match',
      reason: 'seen_before',
    })
  })

  it('forgets what was seen after a day', async () => {
    const { open, draw, answer, wait } = await start()
    const { token } = await open()
    const first = await draw(token)
    const photos = doAll(first)
    expect(await (await answer(token, photos)).json()).toMatchObject({ decision: 'match' })
    wait(86_401)
    const later = (await open()).token
    const { poses } = await draw(later)
    const replayed = poses.map((pose, i) => (i === 0 ? photos[0]! : shot(pose)))
    expect(await (await answer(later, replayed)).json()).toMatchObject({ decision: 'match' })
  })

  it('looks at nothing without poses, after their time, or for a second time', async () => {
    const { open, draw, answer, wait, read } = await start()
    const { session, token } = await open({ seconds: 600 })
    const early = ['ahead', 'left', 'up'].map((pose) => shot(pose))
    await expectProblem(await answer(token, early), 'poses_over')
    const drawn = await draw(token)
    wait(drawn.poses.length * secondsForPose)
    await expectProblem(await answer(token, doAll(drawn)), 'poses_over')
    expect(await read(session)).toMatchObject({ status: 'open', triesLeft: 3, attempts: [] })
    const again = await draw(token)
    const flat = again.poses.map((pose) => shot(pose === 'ahead' ? pose : 'ahead'))
    expect(await (await answer(token, flat)).json()).toMatchObject({ decision: 'no_match' })
    await expectProblem(await answer(token, doAll(again)), 'poses_over')
  })

  it('has as many draws as tries, so that nobody draws until his photos suit', async () => {
    const { open, draw, drawWith } = await start()
    const { token } = await open({ tries: 2 })
    await draw(token)
    await draw(token)
    await expectProblem(await drawWith(token), 'session_over')
  })

  it('has no more draws in an hour than its person has attempts, with all other sessions', async () => {
    const { open, draw, drawWith, wait, send } = await start({ ATTEMPTS_PER_HOUR: 3 })
    const sessions = [await open({ seconds: 600 }), await open({ seconds: 600 })]
    await draw(sessions[0]!.token)
    wait(100)
    await draw(sessions[1]!.token)
    await draw(sessions[0]!.token)
    const refused = await drawWith(sessions[1]!.token)
    expect(refused.headers.get('retry-after')).toBe('3500')
    expect(await expectProblem(refused, 'rate_limited')).toBe(
      'Poses were drawn for this identity as often as an hour allows: the next ones are drawn in 3500 s.',
    )
    const other = await open()
    await expectProblem(await drawWith(other.token), 'rate_limited')
    const unlocked = await send('/admin/identities/younes/unlock', json({}, adminKey))
    expect(unlocked.status).toBe(204)
    await draw(other.token)
  })

  it('has them again after the hour', async () => {
    const { open, draw, drawWith, wait } = await start({ ATTEMPTS_PER_HOUR: 1 })
    await draw((await open()).token)
    await expectProblem(await drawWith((await open()).token), 'rate_limited')
    wait(3600)
    await draw((await open()).token)
  })

  it('keeps half of the draws of an hour for devices by which the person matched', async () => {
    const { open, draw, drawWith, answer, wait } = await start({ ATTEMPTS_PER_HOUR: 7 })
    const own = { device: 'phone of younes' }
    const first = await open(own)
    await answer(first.token, doAll(await draw(first.token)))
    wait(3600)
    for (let i = 0; i < 4; i++) await draw((await open({ device: `thief ${i}` })).token)
    const refused = await drawWith((await open({ device: 'thief' })).token)
    expect(refused.headers.get('retry-after')).toBe('3600')
    await expectProblem(refused, 'rate_limited')
    await expectProblem(await drawWith((await open()).token), 'rate_limited')
    for (let i = 0; i < 3; i++) await draw((await open(own)).token)
    await expectProblem(await drawWith((await open(own)).token), 'rate_limited')
  })

  it('keeps it after an unlock too, whoever goes on', async () => {
    const { open, draw, drawWith, answer, send } = await start({ ATTEMPTS_PER_HOUR: 3 })
    const own = { device: 'phone of younes' }
    const first = await open(own)
    await answer(first.token, doAll(await draw(first.token)))
    await send('/admin/identities/younes/unlock', json({}, adminKey))
    for (let i = 0; i < 2; i++) await draw((await open({ device: `thief ${i}` })).token)
    await expectProblem(await drawWith((await open({ device: 'thief' })).token), 'rate_limited')
    await draw((await open(own)).token)
  })

  it('keeps none for a device that did not match by poses', async () => {
    const { send, open, draw, answer } = await start({ ATTEMPTS_PER_HOUR: 4 })
    const device = 'phone'
    const wrong = await open({ device })
    await answer(wrong.token, doAll(await draw(wrong.token), 'bertrand'))
    const plain = await send('/sessions', json({ identity: 'younes', device }))
    const { token } = await plain.json<{ token: string }>()
    const response = await send('/verify', json({ image: base64(shot('ahead')) }, token))
    expect(await response.json()).toMatchObject({ decision: 'match' })
    expect(await guardOf('younes')).not.toHaveProperty('devices')
    for (let i = 0; i < 3; i++) await draw((await open()).token)
  })

  it('gives the try and the poses back for a photo that cannot be compared', async () => {
    const { open, draw, answer, read } = await start()
    const { session, token } = await open({ tries: 1 })
    const drawn = await draw(token)
    const blurred = doAll(drawn)
    blurred[1] = 'face_too_blurry'
    const detail = `photo 2 of ${blurred.length}: the fake engine was told face_too_blurry`
    const response = await answer(token, blurred)
    expect(await response.clone().json()).toMatchObject({ detail })
    await expectProblem(response, 'face_too_blurry')
    expect(await read(session)).toMatchObject({ triesLeft: 1 })
    expect(await (await answer(token, doAll(drawn))).json()).toMatchObject({ decision: 'match' })
  })

  it('wants one photo for each pose', async () => {
    const { open, draw, answer } = await start()
    const { token } = await open()
    const drawn = await draw(token)
    const response = await answer(token, doAll(drawn).slice(1))
    expect(await response.clone().json()).toMatchObject({
      detail: expect.stringContaining('one for each pose, in order (ahead, '),
    })
    await expectProblem(response, 'invalid_request')
  })

  it('is for one person, and its poses for its token alone', async () => {
    const { send } = await start()
    const response = await send('/sessions', json({ liveness: 'active' }))
    await expectProblem(response, 'invalid_request')
    await expectProblem(await send('/poses', json({})), 'invalid_request')
    const plain = await send('/sessions', json({ identity: 'younes' }))
    const { token } = await plain.json<{ token: string }>()
    await expectProblem(await send('/poses', json({}, token)), 'invalid_request')
  })
})

describe('a token with which requests cost no try', () => {
  /** As the binding counts, without its period. */
  function limited(allowed: number) {
    const counts = new Map<string, number>()
    const limit = async ({ key }: RateLimitOptions) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= allowed }
    }
    return { DEVICE_FAILURES: { limit } }
  }

  it('is made to wait when it sends photos without poses again and again, and no other is', async () => {
    const { open, draw, answer } = await start(limited(4))
    const [{ token }, other] = [await open(), await open()]
    const photos = [shot('ahead'), shot('left'), shot('up')]
    for (let i = 0; i < 4; i++) await expectProblem(await answer(token, photos), 'poses_over')
    await expectProblem(await answer(token, photos), 'rate_limited')
    const drawn = await draw(other.token)
    expect(await (await answer(other.token, doAll(drawn))).json()).toMatchObject({
      decision: 'match',
    })
  })

  it('is made to wait when it announces or draws again and again', async () => {
    const { open, announceWith, draw, drawWith } = await start(limited(4))
    const announcing = (await open()).token
    for (let i = 0; i < 4; i++) {
      await expectProblem(await announceWith(announcing, shot('ahead')), 'poses_over')
    }
    await expectProblem(await announceWith(announcing, shot('ahead')), 'rate_limited')
    const drawing = (await open({ tries: 1 })).token
    await draw(drawing)
    for (let i = 0; i < 4; i++) await expectProblem(await drawWith(drawing), 'session_over')
    await expectProblem(await drawWith(drawing), 'rate_limited')
  })

  it('is made to wait when it sends another number of photos than poses again and again', async () => {
    const { open, draw, answer } = await start(limited(4))
    const { token } = await open()
    const few = doAll(await draw(token)).slice(1)
    for (let i = 0; i < 4; i++) await expectProblem(await answer(token, few), 'invalid_request')
    await expectProblem(await answer(token, few), 'rate_limited')
    const response = await answer(token, few)
    expect(await expectProblem(response, 'rate_limited')).toContain('session')
  })

  it('sends another number of photos than poses, and no budget of its key and none of its poses is used up', async () => {
    let charged = 0
    const limit = async () => ({ success: ++charged > 0 })
    const { open, draw, answer } = await start({ KEY_WORK: { limit } })
    const { token } = await open()
    const before = charged
    const photos = doAll(await draw(token))
    for (const others of [photos.slice(1), [...photos, shot('ahead')]]) {
      const detail = await expectProblem(await answer(token, others), 'invalid_request')
      expect(detail).toContain(`expected ${photos.length}: one for each pose, in order (ahead, `)
    }
    expect(charged).toBe(before)
    expect(await (await answer(token, photos)).json()).toMatchObject({
      decision: 'match',
      triesLeft: 2,
    })
    expect(charged).toBe(before + photos.length)
  })

  it('is made to wait when it sends more photos than any request may have again and again', async () => {
    const { open, answer } = await start(limited(4))
    const { token } = await open()
    const many = Array.from({ length: maxPhotos + 1 }, () => shot('ahead'))
    for (let i = 0; i < 4; i++) await expectProblem(await answer(token, many), 'too_many_images')
    await expectProblem(await answer(token, many), 'rate_limited')
  })

  it('is made to wait when it draws for a person without draws again and again', async () => {
    const { open, draw, drawWith } = await start({ ...limited(4), ATTEMPTS_PER_HOUR: 1 })
    await draw((await open()).token)
    const { token } = await open()
    for (let i = 0; i < 4; i++) {
      expect(await expectProblem(await drawWith(token), 'rate_limited')).toContain('Poses')
    }
    expect(await expectProblem(await drawWith(token), 'rate_limited')).toContain('session')
    const other = await open()
    expect(await expectProblem(await drawWith(other.token), 'rate_limited')).toContain('Poses')
  })
})

describe('poses told one by one', () => {
  const oneByOne = { poses: 'one_by_one' }

  it('let a head in whose photos were announced in time', async () => {
    const { open, takeAll, answer, read } = await start()
    const { session, token } = await open(oneByOne)
    const photos = await takeAll(token)
    expect(await (await answer(token, photos)).json()).toMatchObject({ decision: 'match' })
    expect(await read(session)).toMatchObject({ status: 'matched', poses: 'one_by_one' })
  })

  it('refuse a photo that another one was announced for, and count it as a failure', async () => {
    const { open, takeAll, answer } = await start()
    const { token } = await open(oneByOne)
    const photos = await takeAll(token)
    const last = shot('nearer')
    expect(await (await answer(token, [...photos.slice(0, -1), last])).json()).toMatchObject({
      decision: 'no_match',
      reason: 'other_photo',
      triesLeft: 2,
    })
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
    await expectProblem(await answer(token, photos), 'poses_over')
  })

  it('are over where one came too late, where not all are announced, and where they were told at once', async () => {
    const { open, draw, announceWith, answer, wait } = await start()
    const { token } = await open({ ...oneByOne, seconds: 600 })
    expect(await draw(token)).toMatchObject({ poses: ['ahead'], complete: false })
    wait(secondsForPose)
    await expectProblem(await announceWith(token, shot('ahead')), 'poses_over')
    await draw(token)
    const ahead = shot('ahead')
    const next = await (await announceWith(token, ahead)).json<Drawn>()
    await expectProblem(await answer(token, [ahead, shot(next.poses[1]!)]), 'poses_over')
    const whole = (await open()).token
    expect((await draw(whole)).complete).toBe(true)
    await expectProblem(await announceWith(whole, ahead), 'poses_over')
  })

  it('are not told to an attempt that is sent again after they were drawn anew', async () => {
    const { open, draw, takeAll, announceWith, answer, read } = await start()
    const { session, token } = await open(oneByOne)
    const key = { 'idempotency-key': 'the-same-attempt-again' }
    const photos = await takeAll(token, () => shot('ahead'))
    const first = await answer(token, photos, key)
    expect(await first.json()).toMatchObject({ decision: 'no_match', triesLeft: 2 })
    expect(await (await answer(token, photos, key)).json()).toMatchObject({ decision: 'no_match' })
    await draw(token)
    await expectProblem(await answer(token, photos, key), 'poses_over')
    await announceWith(token, photos[0]!)
    await expectProblem(await answer(token, photos, key), 'poses_over')
    expect(await read(session)).toMatchObject({ triesLeft: 2 })
  })

  it('give the try back for a photo that cannot be compared, which stays the one that was announced', async () => {
    const { open, takeAll, answer, read } = await start()
    const { session, token } = await open(oneByOne)
    let taken = 0
    const photos = await takeAll(token, (pose) => (taken++ === 1 ? 'face_too_blurry' : shot(pose)))
    await expectProblem(await answer(token, photos), 'face_too_blurry')
    expect(await read(session)).toMatchObject({ triesLeft: 3 })
    const mended = photos.map((photo) => (photo === 'face_too_blurry' ? shot('left') : photo))
    expect(await (await answer(token, mended)).json()).toMatchObject({ decision: 'no_match' })
    expect(await (await answer(token, await takeAll(token))).json()).toMatchObject({
      decision: 'match',
    })
  })

  it('are asked of every session with LIVENESS_POSES=one_by_one', async () => {
    const { open, takeAll, answer } = await start({
      LIVENESS: 'active',
      LIVENESS_POSES: 'one_by_one',
    })
    const { token } = await open({ poses: 'at_once' })
    expect(await (await answer(token, await takeAll(token))).json()).toMatchObject({
      decision: 'match',
    })
  })

  it.each([
    [{ poses: 'one_by_one' }, /expected "liveness": "active" beside them/],
    [{ livenessLevel: 'one_take' }, /expected "liveness": "active" beside them/],
    [{ liveness: 'active', poses: 'later' }, /"poses": .*expected at_once or one_by_one/],
    [
      { liveness: 'active', livenessLevel: 'film' },
      /"livenessLevel": .*expected relief or one_take/,
    ],
  ])('are refused in words where the fields make no sense: %j', async (fields, detail) => {
    const { send } = await start()
    const response = await send('/sessions', json({ identity: 'younes', ...fields }))
    expect(await response.clone().json()).toMatchObject({ detail: expect.stringMatching(detail) })
    await expectProblem(response, 'invalid_request')
  })
})

describe('livenessLevel one_take', () => {
  it.each([
    [{ livenessLevel: 'one_take' }, {}],
    [{}, { LIVENESS_LEVEL: 'one_take' }],
    [{ livenessLevel: 'relief' }, { LIVENESS_LEVEL: 'one_take' }],
  ])('refuses photos that only show relief, which locks: %j %j', async (fields, bindings) => {
    const { open, draw, answer } = await start(bindings)
    const { token } = await open(fields)
    const response = await answer(token, doAll(await draw(token)))
    expect(await response.json()).toMatchObject({
      decision: 'no_match',
      reason: 'not_one_take',
      hint: 'Take all photos one after the other, in one place and light.',
    })
    expect((await guardOf('younes'))?.attempts.failures).toBe(1)
  })
})

describe('LIVENESS=active', () => {
  it('lets nobody match but who does the poses', async () => {
    const { send, open, draw, answer } = await start({ LIVENESS: 'active' })
    const image = base64(shot('ahead'))
    const byKey = await send('/verify', json({ identity: 'younes', image }))
    await expectProblem(byKey, 'liveness_required')
    await expectProblem(await send('/recognize', json({ image })), 'liveness_required')
    // Every session asks for them, whether it says so or not.
    const opened = await send('/sessions', json({ identity: 'younes' }))
    expect(await opened.json()).toMatchObject({ liveness: 'active' })
    const { token } = await open()
    expect(await (await answer(token, doAll(await draw(token)))).json()).toMatchObject({
      decision: 'match',
      liveness: 'active',
    })
  })

  it('does not let a session in that was opened before', async () => {
    const { send } = await start()
    const opened = await send('/sessions', json({ identity: 'younes' }))
    const { token } = await opened.json<{ token: string }>()
    const { send: sendTo } = createTestApp({ loadEngine: async () => createFakeEngine() })
    const image = base64(shot('ahead'))
    const response = await sendTo('/verify', json({ image }, token), { ...env, LIVENESS: 'active' })
    await expectProblem(response, 'liveness_required')
  })
})
