/**
 * Every way a request can fail, a row each: the only place that says what a code means. From it come the type `ErrorCode`,
 * the answer as problem+json, /openapi.json, /docs, docs/errors.md, the types of the client and what an attempt that failed
 * counts as. "Not the same person" is a result, never an error.
 */

export interface ErrorInfo {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503
  /**
   * Whose matter it is. `photo`: what was sent cannot be compared, so an attempt that ends in it counts as unusable;
   * `caller`: the request is at fault; `service`: we are, and the attempt counts as a fault of ours.
   */
  readonly about: 'photo' | 'caller' | 'service'
  /** What the code means, always in the same words. */
  readonly title: string
  /** True when the same request may succeed later. */
  readonly retryable: boolean
  /** When it comes: one sentence without a full stop. */
  readonly when: string
  /** What the person holding the phone can do. */
  readonly hint: string
  /** What the developer of the caller does about it: sentences. */
  readonly advice: string
}

const rows = {
  unauthorized: {
    status: 401,
    about: 'caller',
    title: 'No valid key',
    retryable: false,
    when: 'no key, or none that is live',
    hint: 'Send a live key as "Authorization: Bearer <key>".',
    advice: 'Look at the key of your backend; it may have been rotated. A phone never holds it.',
  },
  forbidden: {
    status: 403,
    about: 'caller',
    title: 'This key has another role',
    retryable: false,
    when: 'the key has the role `app` where `admin` is needed',
    hint: 'Use a key of the role that the endpoint asks for.',
    advice: 'Call from where the admin key is. Do not give it to whoever only verifies.',
  },
  rate_limited: {
    status: 429,
    about: 'caller',
    title: 'Too many requests without a live key',
    retryable: true,
    when: 'too many requests without a live key from one address',
    hint: 'Wait as long as the header Retry-After says, and check the key.',
    advice: 'Correct the key before you wait and go on: each wrong one counts.',
  },
  challenge_invalid: {
    status: 401,
    about: 'caller',
    title: 'The challenge is not good',
    retryable: false,
    when: 'the challenge is spent, over, of another person, or missing where one is required',
    hint: 'Ask for a new challenge and send it with the next photo.',
    advice: 'Ask for a new one with POST /challenge right before the photo is taken.',
  },
  locked_out: {
    status: 429,
    about: 'caller',
    title: 'Too many failed attempts in a row',
    retryable: true,
    when: 'too many failed attempts at this person in a row',
    hint: 'Wait as long as the header Retry-After says, then try again.',
    advice:
      'Wait as long as `Retry-After` says, or have an administrator unlock the person. Offer another way in.',
  },
  not_found: {
    status: 404,
    about: 'caller',
    title: 'No such endpoint',
    retryable: false,
    when: 'no such endpoint',
    hint: 'The endpoints are listed in /openapi.json.',
    advice: 'Look at the path: it is compared letter by letter, without a slash at its end.',
  },
  method_not_allowed: {
    status: 405,
    about: 'caller',
    title: 'The endpoint does not take this method',
    retryable: false,
    when: 'the path takes another method',
    hint: 'The methods of each endpoint are listed in /openapi.json.',
    advice: 'The header `Allow` lists those it takes.',
  },
  identity_not_found: {
    status: 404,
    about: 'caller',
    title: 'Nobody is enrolled under this identity',
    retryable: false,
    when: 'nobody is enrolled under this identity',
    hint: 'Enroll the person first, or check the spelling of the identity.',
    advice: 'Enroll the person. It is no answer about the photo, which was not looked at.',
  },
  invalid_request: {
    status: 400,
    about: 'caller',
    title: 'The request does not follow the contract',
    retryable: false,
    when: 'a field is missing, unknown, malformed or sent twice, or the body is not what Content-Type says',
    hint: 'The detail says which field was wrong and what was expected.',
    advice: 'Correct the caller: `detail` names each field at fault and what was expected.',
  },
  image_missing: {
    status: 400,
    about: 'photo',
    title: 'No photo in the request',
    retryable: false,
    when: 'no photo in the request, or an empty one',
    hint: 'Send one photo in the field "image".',
    advice: 'Send the photo as a file field, as the body itself, or as base64 in JSON.',
  },
  image_unreadable: {
    status: 400,
    about: 'photo',
    title: 'The photo is damaged',
    retryable: false,
    when: 'the photo is cut short or damaged',
    hint: 'Take the photo again and send the whole file.',
    advice: 'Have it taken again. If it is always the same photo, look at how it is uploaded.',
  },
  image_too_large: {
    status: 413,
    about: 'photo',
    title: 'The photo is too large',
    retryable: false,
    when: 'the photo or the body is over a limit of bytes or pixels',
    hint: 'Scale the photo down before sending it.',
    advice: 'Scale it down on the phone: a longer side of 1,280 pixels is plenty.',
  },
  image_unsupported: {
    status: 415,
    about: 'photo',
    title: 'The photo is of a kind that is not supported',
    retryable: false,
    when: 'a format that is not decoded, or a kind of one that is not, such as CMYK',
    hint: 'Send the photo as an ordinary JPEG.',
    advice: 'Convert it on the phone. HEIC of an iPhone becomes JPEG when picked or re-encoded.',
  },
  no_face: {
    status: 422,
    about: 'photo',
    title: 'No face found',
    retryable: false,
    when: 'no face at any size or quarter turn, or nothing that is one beyond doubt',
    hint: 'Face the camera, in good light, with the whole face in the picture.',
    advice: 'Show the hint and let them take another photo.',
  },
  multiple_faces: {
    status: 422,
    about: 'photo',
    title: 'More than one face',
    retryable: false,
    when: 'a second face of comparable size where one person is expected',
    hint: 'Only one person may be in front of the camera.',
    advice: 'Show the hint. Faces in the background, less than half as wide, do no harm.',
  },
  face_too_small: {
    status: 422,
    about: 'photo',
    title: 'The face is too small',
    retryable: false,
    when: 'the face is less than 32 pixels wide',
    hint: 'Come closer to the camera.',
    advice: 'Show the hint. If the photo was scaled down, do so less.',
  },
  face_too_dark: {
    status: 422,
    about: 'photo',
    title: 'The face is too dark',
    retryable: false,
    when: 'the face, or the whole photo, is too dark to compare',
    hint: 'Turn on a light, or turn towards one.',
    advice: 'Show the hint, and light the screen up while the photo is taken.',
  },
  face_too_bright: {
    status: 422,
    about: 'photo',
    title: 'The face is overexposed',
    retryable: false,
    when: 'the face is overexposed',
    hint: 'Turn away from the light, or dim the flash.',
    advice: 'Show the hint.',
  },
  face_low_contrast: {
    status: 422,
    about: 'photo',
    title: 'The face is hardly to be made out',
    retryable: false,
    when: 'the face is hardly to be made out: haze, a dirty lens, a window behind it',
    hint: 'Wipe the lens, and do not stand in front of a bright window.',
    advice: 'Show the hint.',
  },
  face_too_blurry: {
    status: 422,
    about: 'photo',
    title: 'The face is blurred',
    retryable: false,
    when: 'the face, or the whole photo, is out of focus or shaken',
    hint: 'Hold the camera still and let it focus.',
    advice: 'Show the hint, and take the photo only once the camera has focused.',
  },
  face_turned_away: {
    status: 422,
    about: 'photo',
    title: 'The face is turned away',
    retryable: false,
    when: 'the face is turned too far to the side, up or down, or covered',
    hint: 'Look straight into the camera, with nothing before the face.',
    advice: 'Show the hint.',
  },
  model_mismatch: {
    status: 409,
    about: 'caller',
    title: 'The person was enrolled with another network',
    retryable: false,
    when: 'the person, or everybody, was enrolled with other weights than those that run now',
    hint: 'Enroll the person again with the network that runs now.',
    advice: 'Enroll anew. Encodings of different models are never compared.',
  },
  photos_differ: {
    status: 409,
    about: 'caller',
    title: 'The photos are not all of one person',
    retryable: false,
    when: 'the photos of an enrollment are not all of one person',
    hint: 'Leave out the photos that the answer lists as different, or take them again.',
    advice: '`images` says which; leave those out. Nothing was stored.',
  },
  duplicate_person: {
    status: 409,
    about: 'caller',
    title: 'This person is enrolled under another identity',
    retryable: false,
    when: 'the person is enrolled under another identity',
    hint: 'Use the identity that the detail names, or say "allowDuplicate" if it is somebody else.',
    advice:
      '`detail` names it. With `allowDuplicate` they are enrolled all the same, as for twins.',
  },
  version_conflict: {
    status: 412,
    about: 'caller',
    title: 'The person is not as the request expects them',
    retryable: false,
    when: 'the person is not of the version that `If-Match` names, or is enrolled already under `If-None-Match: *`',
    hint: 'Read the person again, and repeat the change if it still makes sense.',
    advice: 'Read the person again, and decide whether the change is still wanted.',
  },
  too_many_images: {
    status: 400,
    about: 'caller',
    title: 'Too many photos',
    retryable: false,
    when: 'more than ten photos in a request, or more than ten encodings of a person',
    hint: 'Send fewer photos, or replace the person as a whole.',
    advice: 'Choose the best ten, or enroll the person anew with PUT.',
  },
  engine_unavailable: {
    status: 503,
    about: 'service',
    title: 'The network could not be started',
    retryable: true,
    when: 'the networks or a decoder could not be started, or the built-in face came out wrong',
    hint: 'Try again in a moment.',
    advice: 'Try again after a second or two; the next request starts them anew.',
  },
  store_unavailable: {
    status: 503,
    about: 'service',
    title: 'The store of identities cannot be reached',
    retryable: true,
    when: 'the store of identities could not be reached',
    hint: 'Try again in a moment.',
    advice: 'Try again after a second or two. Nothing matched, and nothing was half stored.',
  },
  record_unreadable: {
    status: 503,
    about: 'service',
    title: 'The stored record of this identity cannot be read',
    retryable: false,
    when: "the person's record is damaged; it matches nobody until they are enrolled anew",
    hint: 'Enroll the person again; the unreadable record never matches anybody.',
    advice: 'Enroll the person anew with PUT, which replaces it.',
  },
  not_configured: {
    status: 503,
    about: 'service',
    title: 'The service lacks a setting',
    retryable: false,
    when: 'a secret, binding or calibration is missing, or too small',
    hint: 'Whoever runs the service has to set what the detail names.',
    advice: '`detail` names it; whoever runs the service sets it.',
  },
  internal: {
    status: 500,
    about: 'service',
    title: 'Something went wrong inside',
    retryable: true,
    when: 'a fault of ours; the log has a line with the same `requestId`',
    hint: 'Try again; if it stays, report the requestId.',
    advice: 'Try once more, then report the `requestId`. Never take it for a match.',
  },
} as const satisfies Readonly<Record<string, ErrorInfo>>

export type ErrorCode = keyof typeof rows

export const errorTable: Readonly<Record<ErrorCode, ErrorInfo>> = rows

/** Every code, in the order of the table. */
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]

/** How a photo that could be read can still be refused: its face cannot be compared. */
export const faceErrors: readonly ErrorCode[] = errorCodes.filter(
  (code) => errorTable[code].about === 'photo' && errorTable[code].status === 422,
)

/** In the order of their HTTP status, and within one in the order given. */
export function byStatus(codes: readonly ErrorCode[]): ErrorCode[] {
  return codes.toSorted((a, b) => errorTable[a].status - errorTable[b].status)
}
