/**
 * The poses of a session on the real bundle, with everything real but the head: it is made from the photo of a sample person, laid over
 * the mean head's relief and turned (lab/liveness/drawn/model-head.ts).
 */
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/stages/models.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { AskedPose } from '../../src/liveness/asked-poses.ts'
import {
  drawHead,
  drawPaper,
  type Source,
  sourceOf,
  standFor,
} from '../support/faces/drawn-frames.ts'
import { realModels } from '../support/networks/node-models.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import { mirrorImage, sampleFile, sampleImage } from '../support/photos/sample-photos.ts'
import { bundleKeys, useBundle } from '../support/running/real-bundle.ts'

const bundle = useBundle({ vars: { LIVENESS: 'active', LOCKOUT_AFTER: '100' } })

let models: Models
let ada: Source
let cleo: Source
beforeAll(async () => {
  models = await realModels()
  ada = sourceOf(models, await sampleImage('ada'))
  cleo = sourceOf(models, await sampleImage('cleo'))
  expect((await bundle.admin.put('/admin/identities/ada', [sampleFile('ada')])).status).toBe(201)
})

async function send(path: string, key: string, body: FormData | object): Promise<Response> {
  const isForm = body instanceof FormData
  return await fetch(new URL(path, bundle.url), {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      ...(isForm ? {} : { 'Content-Type': 'application/json' }),
    },
    body: isForm ? body : JSON.stringify(body),
  })
}

async function begin(): Promise<{ token: string; session: string; poses: AskedPose[] }> {
  const opened = await send('/sessions', bundleKeys.app, { identity: 'ada', purpose: 'unlock' })
  const { token, session } = (await opened.json()) as { token: string; session: string }
  const drawn = await send('/poses', token, {})
  expect(drawn.status).toBe(200)
  return { token, session, ...((await drawn.json()) as { poses: AskedPose[] }) }
}

async function answer(
  token: string,
  photos: readonly RgbImage[],
): Promise<Record<string, unknown>> {
  return await answerFiles(token, await Promise.all(photos.map((photo) => makeJpeg(photo))))
}

async function answerFiles(
  token: string,
  files: readonly Uint8Array[],
): Promise<Record<string, unknown>> {
  const form = new FormData()
  for (const file of files) {
    form.append('image', new Blob([file as Uint8Array<ArrayBuffer>]), 'photo.jpg')
  }
  return (await (await send('/verify', token, form)).json()) as Record<string, unknown>
}

/** Compared and refused, or refused before by what the gate sees: bent paper looks distorted. */
function expectKeptOut({ decision, code }: Record<string, unknown>): void {
  if (code === undefined) expect(decision).toBe('no_match')
  else expect(code).toMatch(/^(face_|no_face$)/)
}

interface Told {
  poses: AskedPose[]
  complete: boolean
}

/** Poses told one by one, each photo announced. @param draw the photo of a pose */
async function takeOneByOne(token: string, draw: (pose: AskedPose) => RgbImage) {
  const photos: Uint8Array[] = []
  let told = (await (await send('/poses', token, {})).json()) as Told
  while (!told.complete) {
    photos.push(await makeJpeg(draw(told.poses.at(-1)!)))
    const photoSha256 = createHash('sha256').update(photos.at(-1)!).digest('hex')
    told = (await (await send('/poses/next', token, { photoSha256 })).json()) as Told
  }
  return photos
}

/** Until the sequence asks for this. */
async function beginWith(pose: AskedPose): ReturnType<typeof begin> {
  for (;;) {
    const begun = await begin()
    if (begun.poses.includes(pose)) return begun
  }
}

describe('poses on the real bundle', () => {
  it('let the head of ada in, whatever is drawn', async () => {
    const { token, session, poses } = await begin()
    const photos = poses.map((pose) => drawHead(ada, standFor[pose]))
    expect(await answer(token, photos)).toMatchObject({
      decision: 'match',
      identity: 'ada',
      liveness: 'active',
      livenessLevel: 'one_take',
    })
    const record = (await (await bundle.app.get(`/sessions/${session}`)).json()) as object
    expect(record).toMatchObject({ status: 'matched', liveness: 'active' })
    // What let her in lets nobody in again, today.
    const again = await begin()
    const replayed = again.poses.map((pose) => drawHead(ada, standFor[pose]))
    expect(await answer(again.token, replayed)).toMatchObject({
      decision: 'no_match',
      reason: 'seen_before',
    })
  })

  it('are told one by one where the session says so, and hold each photo to what was announced', async () => {
    // With her goes what is known of the photos that let her in.
    expect((await bundle.admin.delete('/admin/identities/ada')).status).toBe(204)
    expect((await bundle.admin.put('/admin/identities/ada', [sampleFile('ada')])).status).toBe(201)
    const terms = { identity: 'ada', poses: 'one_by_one', livenessLevel: 'one_take' }
    const opened = await send('/sessions', bundleKeys.app, terms)
    const { token } = (await opened.json()) as { token: string }
    const look = (roll: number) => (pose: AskedPose) => drawHead(ada, { ...standFor[pose], roll })
    const photos = await takeOneByOne(token, look(3))
    const others = photos.with(1, await makeJpeg(look(4)('left')))
    expect(await answerFiles(token, others)).toMatchObject({
      decision: 'no_match',
      reason: 'other_photo',
    })
    expect(await answerFiles(token, await takeOneByOne(token, look(0)))).toMatchObject({
      decision: 'match',
      identity: 'ada',
      livenessLevel: 'one_take',
    })
  })

  it('keep out a photo of ada on paper, flat or rolled, however it is held', async () => {
    for (const bend of [undefined, { kind: 'cylinder', angle: 0, amount: 1, offset: 0 } as const]) {
      const { token, poses } = await begin()
      const tilt = {
        left: { yaw: 35 },
        right: { yaw: -35 },
        up: { pitch: 30 },
        down: { pitch: -30 },
      }
      const photos = poses.map((pose) =>
        drawPaper(ada, { ...standFor[pose], ...tilt[pose as 'left'], distance: 3.5 }, bend),
      )
      const got = await answer(token, photos)
      expectKeptOut(got)
      expect(got.reason ?? got.code).toBeDefined()
    }
  })

  it('keep out the head of cleo, a mirrored frame, and cleo in one frame', async () => {
    const strangers = await begin()
    const heads = strangers.poses.map((pose) => drawHead(cleo, standFor[pose]))
    expectKeptOut(await answer(strangers.token, heads))

    const both = await beginWith('right')
    const mirrored = both.poses.map((pose) =>
      pose === 'right'
        ? mirrorImage(drawHead(ada, standFor.left))
        : drawHead(ada, { ...standFor[pose], roll: 3 }),
    )
    const got = await answer(both.token, mirrored)
    if (both.poses.includes('left')) expectKeptOut(got)

    // Whose token it is decides, not who did the poses well.
    expect((await bundle.admin.put('/admin/identities/cleo', [sampleFile('cleo')])).status).toBe(
      201,
    )
    const hers = await send('/sessions', bundleKeys.app, { identity: 'cleo' })
    const { token } = (await hers.json()) as { token: string }
    const { poses } = (await (await send('/poses', token, {})).json()) as { poses: AskedPose[] }
    expectKeptOut(
      await answer(
        token,
        poses.map((pose) => drawHead(ada, standFor[pose])),
      ),
    )

    const swapped = await begin()
    const one = swapped.poses.map((pose, i) => drawHead(i === 1 ? cleo : ada, standFor[pose]))
    expectKeptOut(await answer(swapped.token, one))
  })

  it('say what to do better', async () => {
    const { token, poses } = await begin()
    const photos = poses.map((pose, i) => drawHead(ada, i === 1 ? {} : standFor[pose]))
    const { reason, hint, triesLeft } = await answer(token, photos)
    expect(['turn_left', 'turn_right', 'look_up', 'look_down', 'come_nearer']).toContain(reason)
    expect(hint).toMatch(/^(Turn|Look|Bring) /)
    expect(triesLeft).toBe(2)
  })

  it('are asked of everybody: a photo alone opens nothing', async () => {
    const form = new FormData()
    form.append('identity', 'ada')
    form.append('image', new Blob([(await makeJpeg(ada.photo)) as Uint8Array<ArrayBuffer>]))
    const response = await send('/verify', bundleKeys.app, form)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'liveness_required' })
  })
})
