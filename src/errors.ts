/**
 * Every way a request can fail. Stages throw `FaceError(code, detail)`; the table below is the only place that says
 * what a code means to a caller: HTTP status, title, whether trying again can help, and what the person can do.
 * "Not the same person" is a result, never an error. The table is exhaustive: a code without a row does not compile.
 */

/** What a caller learns about a code. `hint` speaks to the person holding the phone. */
export interface ErrorInfo {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503
  readonly title: string
  /** True when the same request may succeed later. */
  readonly retryable: boolean
  readonly hint: string
}

export type ErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'challenge_invalid'
  | 'locked_out'
  | 'not_found'
  | 'method_not_allowed'
  | 'identity_not_found'
  | 'invalid_request'
  | 'image_missing'
  | 'image_unreadable'
  | 'image_too_large'
  | 'image_unsupported'
  | 'no_face'
  | 'multiple_faces'
  | 'face_too_small'
  | 'face_too_dark'
  | 'face_too_bright'
  | 'face_low_contrast'
  | 'face_too_blurry'
  | 'face_turned_away'
  | 'model_mismatch'
  | 'photos_differ'
  | 'duplicate_person'
  | 'version_conflict'
  | 'too_many_images'
  | 'engine_unavailable'
  | 'store_unavailable'
  | 'record_unreadable'
  | 'not_configured'
  | 'internal'

export const errorTable: Readonly<Record<ErrorCode, ErrorInfo>> = {
  unauthorized: {
    status: 401,
    title: 'No valid key',
    retryable: false,
    hint: 'Send a live key as "Authorization: Bearer <key>".',
  },
  forbidden: {
    status: 403,
    title: 'This key has another role',
    retryable: false,
    hint: 'Use a key of the role that the endpoint asks for.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests without a live key',
    retryable: true,
    hint: 'Wait as long as the header Retry-After says, and check the key.',
  },
  challenge_invalid: {
    status: 401,
    title: 'The challenge is not good',
    retryable: false,
    hint: 'Ask for a new challenge and send it with the next photo.',
  },
  locked_out: {
    status: 429,
    title: 'Too many failed attempts in a row',
    retryable: true,
    hint: 'Wait as long as the header Retry-After says, then try again.',
  },
  not_found: {
    status: 404,
    title: 'No such endpoint',
    retryable: false,
    hint: 'The endpoints are listed in /openapi.json.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The endpoint does not take this method',
    retryable: false,
    hint: 'The methods of each endpoint are listed in /openapi.json.',
  },
  identity_not_found: {
    status: 404,
    title: 'Nobody is enrolled under this identity',
    retryable: false,
    hint: 'Enrol the person first, or check the spelling of the identity.',
  },
  invalid_request: {
    status: 400,
    title: 'The request does not follow the contract',
    retryable: false,
    hint: 'The detail says which field was wrong and what was expected.',
  },
  image_missing: {
    status: 400,
    title: 'No photo in the request',
    retryable: false,
    hint: 'Send one photo as JPEG, PNG or WebP in the field "image".',
  },
  image_unreadable: {
    status: 400,
    title: 'The photo is damaged',
    retryable: false,
    hint: 'Take the photo again and send the whole file.',
  },
  image_too_large: {
    status: 413,
    title: 'The photo is too large',
    retryable: false,
    hint: 'Scale the photo down before sending it.',
  },
  image_unsupported: {
    status: 415,
    title: 'The photo is of a kind that is not supported',
    retryable: false,
    hint: 'Send the photo as an ordinary JPEG, PNG or WebP.',
  },
  no_face: {
    status: 422,
    title: 'No face found',
    retryable: false,
    hint: 'Face the camera, in good light, with the whole face in the picture.',
  },
  multiple_faces: {
    status: 422,
    title: 'More than one face',
    retryable: false,
    hint: 'Only one person may be in front of the camera.',
  },
  face_too_small: {
    status: 422,
    title: 'The face is too small',
    retryable: false,
    hint: 'Come closer to the camera.',
  },
  face_too_dark: {
    status: 422,
    title: 'The face is too dark',
    retryable: false,
    hint: 'Turn on a light, or turn towards one.',
  },
  face_too_bright: {
    status: 422,
    title: 'The face is overexposed',
    retryable: false,
    hint: 'Turn away from the light, or dim the flash.',
  },
  face_low_contrast: {
    status: 422,
    title: 'The face is hardly to be made out',
    retryable: false,
    hint: 'Wipe the lens, and do not stand in front of a bright window.',
  },
  face_too_blurry: {
    status: 422,
    title: 'The face is blurred',
    retryable: false,
    hint: 'Hold the camera still and let it focus.',
  },
  face_turned_away: {
    status: 422,
    title: 'The face is turned away',
    retryable: false,
    hint: 'Look straight into the camera, with nothing before the face.',
  },
  model_mismatch: {
    status: 409,
    title: 'The person was enrolled with another network',
    retryable: false,
    hint: 'Enrol the person again with the network that runs now.',
  },
  photos_differ: {
    status: 409,
    title: 'The photos are not all of one person',
    retryable: false,
    hint: 'Leave out the photos that the answer lists as different, or take them again.',
  },
  duplicate_person: {
    status: 409,
    title: 'This person is enrolled under another identity',
    retryable: false,
    hint: 'Use the identity that the detail names, or say "allowDuplicate" if it is somebody else.',
  },
  version_conflict: {
    status: 412,
    title: 'The person is not as the request expects them',
    retryable: false,
    hint: 'Read the person again, and repeat the change if it still makes sense.',
  },
  too_many_images: {
    status: 400,
    title: 'Too many photos',
    retryable: false,
    hint: 'Send fewer photos, or replace the person as a whole.',
  },
  engine_unavailable: {
    status: 503,
    title: 'The network could not be started',
    retryable: true,
    hint: 'Try again in a moment.',
  },
  store_unavailable: {
    status: 503,
    title: 'The store of identities cannot be reached',
    retryable: true,
    hint: 'Try again in a moment.',
  },
  record_unreadable: {
    status: 503,
    title: 'The stored record of this identity cannot be read',
    retryable: false,
    hint: 'Enrol the person again; the unreadable record never matches anybody.',
  },
  not_configured: {
    status: 503,
    title: 'The service lacks a setting',
    retryable: false,
    hint: 'Whoever runs the service has to set what the detail names.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong inside',
    retryable: true,
    hint: 'Try again; if it stays, report the requestId.',
  },
}

/** What became of one photo of a request that was refused as a whole. */
export interface ImageOutcome {
  readonly outcome: 'encoded' | ErrorCode
  /** Why, unless it was encoded. */
  readonly detail?: string
}

interface FaceErrorOptions {
  readonly cause?: unknown
  /** Every photo of the request, in the order sent. */
  readonly images?: readonly ImageOutcome[]
  /** For the header Retry-After; more than 0. */
  readonly retryAfterSeconds?: number
}

/** An expected failure. `detail` is public: it may name fields, limits and sizes, never photos, encodings or keys. */
export class FaceError extends Error {
  readonly code: ErrorCode
  readonly images?: readonly ImageOutcome[]
  readonly retryAfterSeconds?: number

  constructor(
    code: ErrorCode,
    detail: string,
    { images, retryAfterSeconds, ...options }: FaceErrorOptions = {},
  ) {
    super(detail, options)
    this.name = 'FaceError'
    this.code = code
    this.images = images
    this.retryAfterSeconds = retryAfterSeconds
  }
}
