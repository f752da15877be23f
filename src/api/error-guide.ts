/**
 * What the error table says to whoever writes the caller: when a code comes, and what to do about it. docs/errors.md and
 * /docs are made of this and of src/errors.ts. Exhaustive by its type: a code without an entry does not compile.
 */
import { type ErrorCode, errorTable } from '../errors.ts'

export interface ErrorGuide {
  /** When it comes: one sentence without a full stop. */
  readonly when: string
  /** What the caller does about it: sentences. */
  readonly advice: string
}

export const errorGuide: Readonly<Record<ErrorCode, ErrorGuide>> = {
  invalid_request: {
    when: 'a field is missing, unknown, malformed or sent twice, or the body is not what Content-Type says',
    advice: 'Correct the caller: `detail` names each field at fault and what was expected.',
  },
  image_missing: {
    when: 'no photo in the request, or an empty one',
    advice: 'Send the photo as a file field, as the body itself, or as base64 in JSON.',
  },
  image_unreadable: {
    when: 'the photo is cut short or damaged',
    advice: 'Have it taken again. If it is always the same photo, look at how it is uploaded.',
  },
  too_many_images: {
    when: 'more than ten photos in a request, or more than ten encodings of a person',
    advice: 'Choose the best ten, or enrol the person anew with PUT.',
  },
  unauthorized: {
    when: 'no key, or none that is live',
    advice: 'Look at the key of your backend; it may have been rotated. A phone never holds it.',
  },
  forbidden: {
    when: 'the key has the role `app` where `admin` is needed',
    advice: 'Call from where the admin key is. Do not give it to whoever only verifies.',
  },
  not_found: {
    when: 'no such endpoint',
    advice: 'Look at the path: it is compared letter by letter, without a slash at its end.',
  },
  identity_not_found: {
    when: 'nobody is enrolled under this identity',
    advice: 'Enrol the person. It is no answer about the photo, which was not looked at.',
  },
  method_not_allowed: {
    when: 'the path takes another method',
    advice: 'The header `Allow` lists those it takes.',
  },
  model_mismatch: {
    when: 'the person, or everybody, was enrolled with other weights than those that run now',
    advice: 'Enrol anew. Encodings of different models are never compared.',
  },
  photos_differ: {
    when: 'the photos of an enrolment are not all of one person',
    advice: '`images` says which; leave those out. Nothing was stored.',
  },
  duplicate_person: {
    when: 'the person is enrolled under another identity',
    advice:
      '`detail` names it. With `allowDuplicate` they are enrolled all the same, as for twins.',
  },
  image_too_large: {
    when: 'the photo or the body is over a limit of bytes or pixels',
    advice: 'Scale it down on the phone: a longer side of 1,280 pixels is plenty.',
  },
  image_unsupported: {
    when: 'neither JPEG, PNG nor WebP, or a kind of them that is not decoded, such as CMYK',
    advice: 'Convert it on the phone. HEIC of an iPhone becomes JPEG when picked or re-encoded.',
  },
  no_face: {
    when: 'no face at any size or quarter turn, or nothing that is one beyond doubt',
    advice: 'Show the hint and let them take another photo.',
  },
  multiple_faces: {
    when: 'a second face of comparable size where one person is expected',
    advice: 'Show the hint. Faces in the background, less than half as wide, do no harm.',
  },
  face_too_small: {
    when: 'the face is less than 32 pixels wide',
    advice: 'Show the hint. If the photo was scaled down, do so less.',
  },
  face_too_dark: {
    when: 'the face, or the whole photo, is too dark to compare',
    advice: 'Show the hint, and light the screen up while the photo is taken.',
  },
  face_too_bright: {
    when: 'the face is overexposed',
    advice: 'Show the hint.',
  },
  face_low_contrast: {
    when: 'the face is hardly to be made out: haze, a dirty lens, a window behind it',
    advice: 'Show the hint.',
  },
  face_too_blurry: {
    when: 'the face, or the whole photo, is out of focus or shaken',
    advice: 'Show the hint, and take the photo only once the camera has focused.',
  },
  face_turned_away: {
    when: 'the face is turned too far to the side, up or down, or covered',
    advice: 'Show the hint.',
  },
  challenge_invalid: {
    when: 'the challenge is spent, over, of another person, or missing where one is required',
    advice: 'Ask for a new one with POST /challenge right before the photo is taken.',
  },
  version_conflict: {
    when: 'the person is not of the version that `If-Match` names, or is enrolled already under `If-None-Match: *`',
    advice: 'Read the person again, and decide whether the change is still wanted.',
  },
  locked_out: {
    when: 'too many failed attempts at this person in a row',
    advice:
      'Wait as long as `Retry-After` says, or have an administrator unlock the person. Offer another way in.',
  },
  rate_limited: {
    when: 'too many requests without a live key from one address',
    advice: 'Correct the key before you wait and go on: each wrong one counts.',
  },
  internal: {
    when: 'a fault of ours; the log has a line with the same `requestId`',
    advice: 'Try once more, then report the `requestId`. Never take it for a match.',
  },
  engine_unavailable: {
    when: 'the networks or a decoder could not be started, or the built-in face came out wrong',
    advice: 'Try again after a second or two; the next request starts them anew.',
  },
  store_unavailable: {
    when: 'the store of identities could not be reached',
    advice: 'Try again after a second or two. Nothing matched, and nothing was half stored.',
  },
  record_unreadable: {
    when: "the person's record is damaged; it matches nobody until they are enrolled anew",
    advice: 'Enrol the person anew with PUT, which replaces it.',
  },
  not_configured: {
    when: 'a secret, binding or calibration is missing, or too small',
    advice: '`detail` names it; whoever runs the service sets it.',
  },
}

/** In the order of their HTTP status, and within one in the order given. */
export function byStatus(codes: readonly ErrorCode[]): ErrorCode[] {
  return codes.toSorted((a, b) => errorTable[a].status - errorTable[b].status)
}
