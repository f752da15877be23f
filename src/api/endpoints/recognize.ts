/**
 * POST /recognize: which enrolled person is this? The nearest person when near enough, nobody otherwise, and `ambiguous` when
 * two people are about as near. People who are not near enough are never named, not even as candidates.
 */

import { z } from '@hono/zod-openapi'
import { decideAmong, farthestOfInterest } from '../../decision/decide-among.ts'
import { asksForPoses, createLivenessCheck, livenessRequired } from '../../decision/liveness.ts'
import { type Threshold, tellThreshold } from '../../decision/thresholds.ts'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'
import type { GalleryView } from '../../gallery/search/gallery.ts'
import { afterRenewal } from '../../gallery/search/recent-gallery.ts'
import { claimsOf } from '../../guard/receipt.ts'
import type { Decided } from '../../guard/session.ts'
import { countOf } from '../../lib/count-of.ts'
import { logSkipped } from '../../people/log-skipped.ts'
import { recognizeAnswer } from '../contract/answers/photo-answers.ts'
import type { Call, Endpoint } from '../contract/endpoint.ts'
import { candidateLimit, device, fmr } from '../request/fields.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const defaultLimit = 5
/** The decision looks at the second person too, however few are to be told. */
const leastSearched = 2

const fields = z.object({
  limit: candidateLimit.optional(),
  fmr: fmr.optional(),
  device: device.optional(),
})
const body: PhotoInput<typeof fields> = { photos: ['image'], many: false, fields }
/** The session says all the rest. */
const withSession: PhotoInput = { ...body, fields: z.object({}) }

export const recognize: Endpoint = {
  operationId: 'recognize',
  method: 'post',
  path: '/recognize',
  role: 'app',
  takesSession: 'anybody',
  tag: 'faces',
  usesStore: true,
  summary: 'Who of everybody enrolled is this?',
  description:
    'Answers 200 whether or not somebody is found. `match` names one person. `ambiguous` names nobody, because two people are ' +
    'about equally near. `no_match` means that nobody is near enough. `fmr` is the share of searches for a stranger that name somebody.',
  body,
  answers: { 200: { description: 'The decision', schema: recognizeAnswer } },
  errors: ['model_mismatch', 'liveness_required', ...faceErrors],
  async handle(call) {
    const { session } = call
    // Poses are for a person who is named.
    if (asksForPoses(call.liveness)) throw livenessRequired()
    if (session === undefined) {
      const { photos, fields } = await readPhotoRequest(call.request, body)
      const { limit = defaultLimit, fmr, device } = fields
      if (device !== undefined) call.nameDevice(device)
      const { isEdge, requestId } = call
      const { verdict } = await search(call, photos[0], { limit, fmr, isEdge })
      const consistency = isEdge && { consistency: 'edge' }
      return { status: 200, body: { ...verdict, ...consistency, requestId } }
    }
    const { photos } = await readPhotoRequest(call.request, withSession)
    const { requestId } = call
    const tried = await call.sessions.attempt(session, requestId, async ({ fmr, ...terms }) => {
      await call.chargeTry(photos.length)
      const { verdict, decided } = await search(call, photos[0], { limit: 1, fmr, isEdge: false })
      const counts = decided.decision === 'match' ? ('match' as const) : ('no_match' as const)
      return { verdict, decided, counts, decidedMs: call.clock().getTime(), terms }
    })
    const { verdict, decided, decidedMs, terms } = tried
    const isMatch = decided.decision === 'match'
    const about = { issuer: call.issuer(), audience: call.keyId, session: terms, requestId }
    const receipt = isMatch && (await call.receipts.sign(claimsOf(decided, about), decidedMs))
    return {
      status: 200,
      body: {
        ...verdict,
        // Whoever else is near enough is no matter of a phone.
        ...(!isMatch && { candidates: [] }),
        triesLeft: terms.triesLeft,
        ...(receipt && { receipt }),
        requestId,
      },
    }
  },
}

interface Search {
  readonly limit: number
  readonly fmr?: number
  /** Whether it may rest on copies that are a little late. */
  readonly isEdge: boolean
}

/** The answer but for its request id, and what a session's record keeps of it. */
async function search(call: Call, photo: Uint8Array, { limit, fmr, isEdge }: Search) {
  const engine = await call.startEngine()
  // Who is nearer may have been enrolled elsewhere: the directory is asked while the photo is encoded.
  const renewed = call.recentGallery.renewIfDue(engine)
  const recent = await call.recentGallery.open(engine)
  requireSomeOfModel(recent, engine.model)
  // A rate that is not to be had is refused before the photo is looked at.
  thresholdAmong(recent)
  const check = createLivenessCheck(call.liveness, engine.liveness)
  const probe = await encodeFace(engine, photo, { purpose: 'probe', liveness: check.isOn })
  const presence = check.report(probe.livenessScore)
  // Before the search: what gives its try back must not take longer for a face that is found.
  call.requireLeft()

  function thresholdAmong({ people }: GalleryView): Threshold {
    return call.thresholds.identification(engine.model, { asked: fmr, people })
  }

  async function searchIn(gallery: GalleryView) {
    const ofAll = thresholdAmong(gallery)
    const found = await gallery.search(probe.encoding, {
      limit: Math.max(limit, leastSearched),
      maxDistance: farthestOfInterest(ofAll),
      metric: ofAll.metric,
      isConfirmed: !isEdge,
    })
    const held = { suspicion: probe.suspicion?.probe }
    return { gallery, found, ...decideAmong(found.people, ofAll, held) }
  }

  let searched = await searchIn(await afterRenewal(call.recentGallery, renewed).open(engine))
  // Nobody is unknown before every change is read: they may have been enrolled a moment ago.
  if (searched.decision === 'no_match' && !isEdge) {
    searched = await searchIn(await call.gallery.open(engine))
  }
  const { threshold } = searched
  logSkipped(searched.gallery, searched.found, call.requestId)
  // A face that is refused names nobody, as if nobody were near.
  const { decision, named } = check.refuses(presence) ? decideAmong([], threshold) : searched
  const match = decision === 'match' ? named[0] : {}
  const decided: Decided = {
    decision,
    ...(decision === 'match' && { identity: named[0].identity }),
    ...(threshold.calibrated && { fmr: threshold.fmr }),
    model: engine.model,
    liveness: presence.liveness,
  }
  const verdict = {
    decision,
    ...match,
    candidates: named.slice(0, limit),
    ...tellThreshold(threshold),
    ...photoReport(probe),
    ...presence,
  }
  return { verdict, decided }
}

/** Nobody enrolled is an ordinary `no_match`; everybody enrolled with another network is an operating error. */
function requireSomeOfModel({ people, peopleOfOtherModels }: GalleryView, model: string): void {
  if (people > 0 || peopleOfOtherModels === 0) return
  throw new FaceError(
    'model_mismatch',
    peopleOfOtherModels === 1
      ? `The only person was enrolled with another network; ${model} runs now.`
      : `All ${countOf(peopleOfOtherModels, 'person')} were enrolled with another network; ${model} runs now.`,
  )
}
