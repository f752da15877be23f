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
    when: 'the request has no key, or one that is not live',
    hint: 'The app could not sign in to the service. Tell the people who run the app.',
    advice:
      'Send a live key from your backend as `Authorization: Bearer <key>`. The key may have been rotated. Never put a key on a phone.',
  },
  forbidden: {
    status: 403,
    about: 'caller',
    title: 'This key may not do this',
    retryable: false,
    when: 'the key has the role `app` and the endpoint takes only `admin`, or the token of a session was sent to another endpoint than that of the session',
    hint: 'The app may not do this. Tell the people who run the app.',
    advice:
      'Call the endpoint with an admin key. Do not give an admin key to a caller that only verifies. The token of a session with an `identity` is for `POST /verify`, without one for `POST /recognize`.',
  },
  rate_limited: {
    status: 429,
    about: 'caller',
    title: 'Too many requests',
    retryable: true,
    when: "one address sent too many requests without a live key; one key or device failed too often or sent too many photos; or a person used up an hour's attempts or draws of poses",
    hint: 'Wait a moment, then try again.',
    advice:
      'Wait as long as `Retry-After` says; `detail` names what was used up. Without a live key, correct the key first: each wrong key counts.',
  },
  challenge_invalid: {
    status: 401,
    about: 'caller',
    title: 'The challenge is invalid',
    retryable: false,
    when: 'the challenge was used, has expired, belongs to another person, or is missing where one is required',
    hint: 'Take the photo again.',
    advice:
      'Get a new challenge from `POST /challenge` right before the photo is taken, and send it with that photo.',
  },
  session_over: {
    status: 401,
    about: 'caller',
    title: 'The session is over',
    retryable: false,
    when: 'the session has matched, has no try left, has expired, was revoked, its person was deleted, its key was withdrawn, or another version of the service opened it',
    hint: 'Begin again in the app.',
    advice:
      'On the phone: ask your backend for another session. In the backend: `GET /sessions/{id}` says what came of it.',
  },
  poses_over: {
    status: 409,
    about: 'caller',
    title: 'The poses are over',
    retryable: false,
    when: 'no poses were drawn for the photos, the time for them is over, or photos were sent for them already',
    hint: 'Begin again: the time was too short.',
    advice:
      'On the phone: draw new poses with `POST /poses`, and send one photo for each, in order, before `expiresAt`. No try was spent.',
  },
  liveness_required: {
    status: 403,
    about: 'caller',
    title: 'A liveness check is required',
    retryable: false,
    when: 'the service runs with LIVENESS=active, and the request is not a try of a session with `liveness: active`',
    hint: 'The app has to guide you through a few poses. Tell the people who run the app.',
    advice:
      'Open a session with `POST /sessions` for the person, and let the phone do the poses of `POST /poses`.',
  },
  session_not_found: {
    status: 404,
    about: 'caller',
    title: 'No such session',
    retryable: false,
    when: 'this key opened no session with this id, or the session was revoked, ended more than ten minutes ago, or was deleted with its person',
    hint: 'Begin again in the app.',
    advice:
      'Treat it as no match. Use the `session` that `POST /sessions` returned, with the same key.',
  },
  locked_out: {
    status: 429,
    about: 'caller',
    title: 'Too many failed attempts in a row',
    retryable: true,
    when: 'too many attempts to verify this person failed in a row',
    hint: 'Wait before you try again, or choose another way in.',
    advice:
      'Show how long `Retry-After` says to wait, or have an administrator unlock the person. Offer another way in.',
  },
  not_found: {
    status: 404,
    about: 'caller',
    title: 'No such endpoint',
    retryable: false,
    when: 'no endpoint has this path',
    hint: 'The app asked for something that does not exist. Update the app, or tell the people who run it.',
    advice: 'Compare the path with /openapi.json, letter by letter. No path ends in a slash.',
  },
  method_not_allowed: {
    status: 405,
    about: 'caller',
    title: 'The endpoint does not take this method',
    retryable: false,
    when: 'the path exists and takes another method',
    hint: 'The app asked in a way that the service does not know. Update the app, or tell the people who run it.',
    advice: 'Use a method that the header `Allow` lists.',
  },
  identity_not_found: {
    status: 404,
    about: 'caller',
    title: 'Nobody is enrolled under this identity',
    retryable: false,
    when: 'nobody is enrolled under this identity',
    hint: 'Check the name that you entered, or ask to be enrolled.',
    advice:
      'Enroll the person, or check the spelling of the identity. The photo was not looked at.',
  },
  invalid_request: {
    status: 400,
    about: 'caller',
    title: 'The request does not follow the contract',
    retryable: false,
    when: 'a field is missing, unknown, malformed or sent twice, or the body is not what `Content-Type` says',
    hint: 'The app sent a request that the service does not understand. Update the app, or tell the people who run it.',
    advice: 'Correct the caller: `detail` names each wrong field and says what was expected.',
  },
  image_missing: {
    status: 400,
    about: 'photo',
    title: 'No photo in the request',
    retryable: false,
    when: 'the request has no photo, or an empty one',
    hint: 'Take a photo, then try again.',
    advice: 'Send the photo as a file field, as the body itself, or as base64 in JSON.',
  },
  image_unreadable: {
    status: 400,
    about: 'photo',
    title: 'The photo is damaged',
    retryable: false,
    when: 'the photo is cut short or damaged',
    hint: 'Take the photo again.',
    advice: 'Ask for another photo. If every photo fails, check how the app uploads them.',
  },
  image_too_large: {
    status: 413,
    about: 'photo',
    title: 'The photo is too large',
    retryable: false,
    when: 'the photo or the body exceeds a limit of bytes or pixels',
    hint: 'Choose a smaller photo: 1,280 pixels on the longer side are plenty.',
    advice: 'Scale the photo down on the phone: a longer side of 1,280 pixels is plenty.',
  },
  image_unsupported: {
    status: 415,
    about: 'photo',
    title: 'The format of the photo is not supported',
    retryable: false,
    when: 'the photo has a format that is not decoded, or an unusual kind of one that is, such as a lossless JPEG',
    hint: 'Take a new photo, or save this one as a JPEG. An iPhone takes JPEGs when Settings, Camera, Formats says "Most Compatible".',
    advice:
      'Convert the photo to JPEG on the phone. A HEIC of an iPhone becomes a JPEG when it is picked or re-encoded.',
  },
  no_face: {
    status: 422,
    about: 'photo',
    title: 'No face found',
    retryable: false,
    when: 'no face was found at any size or quarter turn, or nothing that is certainly a face',
    hint: 'Look into the camera, in good light and without shadows on your face, with all of it in the picture.',
    advice: 'Show the hint and let the person take another photo.',
  },
  multiple_faces: {
    status: 422,
    about: 'photo',
    title: 'More than one face',
    retryable: false,
    when: 'the photo shows a second face of similar size where one person is expected',
    hint: 'Make sure that you are alone in the picture.',
    advice:
      'Show the hint. A face in the background that is less than two thirds as wide does no harm (at enrollment: less than half).',
  },
  face_cut_off: {
    status: 422,
    about: 'photo',
    title: 'The face is cut off',
    retryable: false,
    when: 'the border of the photo cuts the face: an eye, the nose or the mouth is outside, or, to enroll, a tenth of its outline',
    hint: 'Hold the camera so that your whole face is in the picture.',
    advice: 'Show the hint. If the app crops photos, leave more room around the face.',
  },
  face_too_small: {
    status: 422,
    about: 'photo',
    title: 'The face is too small',
    retryable: false,
    when: 'the face is less than 24 pixels wide',
    hint: 'Move closer to the camera.',
    advice: 'Show the hint. If the app scales photos down, scale them less.',
  },
  face_too_dark: {
    status: 422,
    about: 'photo',
    title: 'The face is too dark',
    retryable: false,
    when: 'the face, or the whole photo, is too dark to compare',
    hint: 'Turn on a light, or turn towards one.',
    advice: 'Show the hint, and brighten the screen while the photo is taken.',
  },
  face_too_bright: {
    status: 422,
    about: 'photo',
    title: 'The face is overexposed',
    retryable: false,
    when: 'the face is overexposed',
    hint: 'Turn away from the light, or switch the flash off.',
    advice: 'Show the hint.',
  },
  face_low_contrast: {
    status: 422,
    about: 'photo',
    title: 'The face has too little contrast',
    retryable: false,
    when: 'haze, a dirty lens or a window behind the face leaves too little contrast',
    hint: 'Wipe the lens, and do not stand in front of a bright window.',
    advice: 'Show the hint.',
  },
  face_too_blurry: {
    status: 422,
    about: 'photo',
    title: 'The face is blurred',
    retryable: false,
    when: 'the face, or the whole photo, is out of focus or blurred by movement',
    hint: 'Hold the camera still and let it focus.',
    advice: 'Show the hint, and take the photo only after the camera has focused.',
  },
  face_shaken: {
    status: 422,
    about: 'photo',
    title: 'The face is blurred by movement',
    retryable: false,
    when: 'the face or the camera moved while the photo was taken',
    hint: 'Hold the camera still, and keep your head still for a moment.',
    advice: 'Show the hint. More light helps too: the exposure becomes shorter.',
  },
  face_too_grainy: {
    status: 422,
    about: 'photo',
    title: 'The face is too grainy',
    retryable: false,
    when: 'noise, strong compression, coarse pixels or a pattern of shadows have left too little of the face',
    hint: 'Take a new photo, in good light and without sharp shadows on your face.',
    advice:
      'Show the hint. If the app compresses photos, compress them less: a JPEG quality of 80.',
  },
  face_eyes_covered: {
    status: 422,
    about: 'photo',
    title: 'The eyes are covered',
    retryable: false,
    when: 'dark glasses or something else covers the eyes',
    hint: 'Take off your sunglasses, and keep your eyes free.',
    advice: 'Show the hint.',
  },
  face_mouth_covered: {
    status: 422,
    about: 'photo',
    title: 'The lower half of the face is covered',
    retryable: false,
    when: 'a mask, a scarf, a hand or a cup covers nose or mouth',
    hint: 'Take off your mask, and hold nothing before your mouth.',
    advice: 'Show the hint.',
  },
  face_painted: {
    status: 422,
    about: 'photo',
    title: 'The face is painted',
    retryable: false,
    when: 'at enrollment, paint, cream or a party mask lies over all of the face',
    hint: 'Take a photo without paint, cream or a mask on your face.',
    advice: 'Show the hint.',
  },
  face_distorted: {
    status: 422,
    about: 'photo',
    title: 'The face is distorted',
    retryable: false,
    when: 'a lens too near the face, or a wide one, makes its middle too large',
    hint: 'Hold the camera at arm’s length.',
    advice: 'Show the hint, and use the camera without a wide-angle lens or an effect.',
  },
  face_turned_away: {
    status: 422,
    about: 'photo',
    title: 'The face is turned away',
    retryable: false,
    when: 'the face is turned too far to the side, up or down, or is covered, as by sharp shadows',
    hint: 'Look straight into the camera, with nothing before your face and no sharp shadows on it.',
    advice: 'Show the hint.',
  },
  model_mismatch: {
    status: 409,
    about: 'caller',
    title: 'The person was enrolled with another network',
    retryable: false,
    when: 'the person, or everybody, was enrolled with a network other than the one that runs now',
    hint: 'You have to be enrolled again. Tell the people who run the app.',
    advice:
      'Enroll the person again with the network that runs now. Encodings of different networks are never compared.',
  },
  photos_differ: {
    status: 409,
    about: 'caller',
    title: 'The photos do not all show one person',
    retryable: false,
    when: 'the photos of an enrollment do not all show one person',
    hint: 'Use photos of one person only, or take them again.',
    advice:
      '`images` says which photos differ: leave those out, or send `allowDifferent` if you know that they show one person. Nothing was stored.',
  },
  duplicate_person: {
    status: 409,
    about: 'caller',
    title: 'This person is enrolled under another identity',
    retryable: false,
    when: 'the person is already enrolled under another identity',
    hint: 'You are enrolled already. Use the name that you enrolled with.',
    advice:
      '`detail` names the identity: use that one. If it is somebody else, as with twins, enroll with `allowDuplicate`.',
  },
  version_conflict: {
    status: 412,
    about: 'caller',
    title: 'The person is not at the expected version',
    retryable: false,
    when: 'the person is not at the version that `If-Match` names, or is already enrolled and `If-None-Match: *` was sent',
    hint: 'Somebody else changed this person meanwhile. Look again before you change anything.',
    advice: 'Read the person again, and decide whether the change is still wanted.',
  },
  too_many_images: {
    status: 400,
    about: 'caller',
    title: 'Too many photos',
    retryable: false,
    when: 'a request has more than ten photos, or a person would have more than ten encodings',
    hint: 'Choose fewer photos.',
    advice: 'Choose the best ten, or replace the person with `PUT`.',
  },
  engine_unavailable: {
    status: 503,
    about: 'service',
    title: 'The network could not be started',
    retryable: true,
    when: 'a network or a decoder could not be started, or the built-in face was encoded wrongly',
    hint: 'Try again in a moment.',
    advice: 'Send the request again after a second or two: it starts the networks anew.',
  },
  store_unavailable: {
    status: 503,
    about: 'service',
    title: 'The store of identities cannot be reached',
    retryable: true,
    when: 'the store of identities could not be reached',
    hint: 'Try again in a moment.',
    advice:
      'Send the request again after a second or two. Nothing matched, and no change is half stored.',
  },
  record_unreadable: {
    status: 503,
    about: 'service',
    title: 'The stored record of this identity cannot be read',
    retryable: false,
    when: "the person's record is damaged; it matches nobody until the person is enrolled again",
    hint: 'You have to be enrolled again. Tell the people who run the app.',
    advice: 'Enroll the person again with `PUT`, which replaces the record.',
  },
  not_configured: {
    status: 503,
    about: 'service',
    title: 'The service lacks a setting',
    retryable: false,
    when: 'a secret, a binding or a calibration is missing, or does not reach as far as the request',
    hint: 'The service is not set up completely. Tell the people who run it.',
    advice: '`detail` names the setting. Whoever runs the service has to set it.',
  },
  internal: {
    status: 500,
    about: 'service',
    title: 'The service failed',
    retryable: true,
    when: 'the service is at fault; its log has a line with the same `requestId`',
    hint: 'Try again. If it fails again, tell the people who run the app.',
    advice: 'Send the request once more, then report the `requestId`. Never treat it as a match.',
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
