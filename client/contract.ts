/**
 * What the endpoints take and answer. Written by `npm run write-client-contract` from the schemas that check requests and
 * answers: change those, not this.
 */

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

export interface Challenge {
  /** What POST /challenge gave for this identity, unchanged; it is good once. Asked for when REQUIRE_CHALLENGE is set. */
  readonly challenge: string
  /** Whom this is about, as enrolled. */
  readonly identity: string
  /** Until then it may be spent. */
  readonly expiresAt: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface ImageOutcome {
  /** What became of the photo: `encoded`, or why not. */
  readonly outcome: 'encoded' | ErrorCode
  /** Why, unless it was encoded. */
  readonly detail?: string
}

export interface Problem {
  /** The code as a URN; /docs lists them all. */
  readonly type: string
  /** What the code means, always in the same words. */
  readonly title: string
  /** The HTTP status. */
  readonly status: number
  /** What was wrong with this request. */
  readonly detail: string
  /** Stable; decide by this. */
  readonly code: ErrorCode
  /** The same request may succeed later. */
  readonly retryable: boolean
  /** What the person can do. */
  readonly hint: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
  /** Of an enrollment refused for its photos: every photo, in the order sent. */
  readonly images?: readonly ImageOutcome[]
}

export type Verification =
  | {
      /** `match` when the distance is not above the threshold. */
      readonly decision: 'match' | 'no_match'
      /** L2; 0 is the same photo. */
      readonly distance: number
      /** Why there is no match although the distance would do: somebody else enrolled is clearly nearer. */
      readonly reason?: 'nearer_to_another'
      /** Whom this is about, as enrolled. */
      readonly identity: string
      /** Largest distance that matches. */
      readonly threshold: number
      /** The threshold was measured for `fmr`. */
      readonly calibrated: true
      /** False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold. */
      readonly fmr: number
      /** Network and weights hash. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
      /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
      readonly livenessScore?: number
      /** A JWT that says what was decided, good for 60 seconds; its keys are at /.well-known/jwks.json. */
      readonly receipt: string
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }
  | {
      /** `match` when the distance is not above the threshold. */
      readonly decision: 'match' | 'no_match'
      /** L2; 0 is the same photo. */
      readonly distance: number
      /** Why there is no match although the distance would do: somebody else enrolled is clearly nearer. */
      readonly reason?: 'nearer_to_another'
      /** Whom this is about, as enrolled. */
      readonly identity: string
      /** Largest distance that matches. */
      readonly threshold: number
      /** The threshold was set by hand; nobody knows its rate. */
      readonly calibrated: false
      /** Network and weights hash. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
      /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
      readonly livenessScore?: number
      /** A JWT that says what was decided, good for 60 seconds; its keys are at /.well-known/jwks.json. */
      readonly receipt: string
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }

/** The face that was taken, and where it is. */
export interface Face {
  readonly box: Box
  /** Degrees clockwise that the photo had to be turned. */
  readonly rotation: 0 | 90 | 180 | 270
}

/** Where the face is in the upright photo; it may reach beyond the edge. */
export interface Box {
  /** Left edge, in pixels. */
  readonly x: number
  /** Upper edge, in pixels. */
  readonly y: number
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
}

/** How well the photo shows the face. */
export interface Quality {
  /** 0 to 1, 1 is sharp. */
  readonly sharpness: number
  /** 0 to 1, mean luma of the face. */
  readonly brightness: number
  /** 0 to 1, deviation of the luma of the face. */
  readonly contrast: number
  /** Degrees; positive looks to their left. */
  readonly yaw: number
  /** Degrees; positive looks up. */
  readonly pitch: number
  /** Degrees; positive leans clockwise in the photo. */
  readonly roll: number
  /** Longer side of the face in pixels. */
  readonly faceSize: number
}

export type Recognition =
  | {
      /** `ambiguous` when two people are about as near. */
      readonly decision: 'match' | 'no_match' | 'ambiguous'
      /** Who it is; only with a match. */
      readonly identity?: string
      /** To this person; only with a match. */
      readonly distance?: number
      /** Who is near enough, nearest first, each once; nobody else. */
      readonly candidates: readonly {
        /** Whom this is about, as enrolled. */
        readonly identity: string
        /** L2; 0 is the same photo. */
        readonly distance: number
      }[]
      /** Largest distance that matches. */
      readonly threshold: number
      /** The threshold was measured for `fmr`. */
      readonly calibrated: true
      /** False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold. */
      readonly fmr: number
      /** Network and weights hash. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
      /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
      readonly livenessScore?: number
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }
  | {
      /** `ambiguous` when two people are about as near. */
      readonly decision: 'match' | 'no_match' | 'ambiguous'
      /** Who it is; only with a match. */
      readonly identity?: string
      /** To this person; only with a match. */
      readonly distance?: number
      /** Who is near enough, nearest first, each once; nobody else. */
      readonly candidates: readonly {
        /** Whom this is about, as enrolled. */
        readonly identity: string
        /** L2; 0 is the same photo. */
        readonly distance: number
      }[]
      /** Largest distance that matches. */
      readonly threshold: number
      /** The threshold was set by hand; nobody knows its rate. */
      readonly calibrated: false
      /** Network and weights hash. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
      /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
      readonly livenessScore?: number
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }

export type Comparison =
  | {
      /** `match` when the distance is not above the threshold. */
      readonly decision: 'match' | 'no_match'
      /** L2; 0 is the same photo. */
      readonly distance: number
      /** Largest distance that matches. */
      readonly threshold: number
      /** The threshold was measured for `fmr`. */
      readonly calibrated: true
      /** False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold. */
      readonly fmr: number
      /** Network and weights hash. */
      readonly model: string
      /** The face in the left photo. */
      readonly left: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
        /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
        readonly livenessScore?: number
      }
      /** The face in the right photo. */
      readonly right: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
        /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
        readonly livenessScore?: number
      }
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }
  | {
      /** `match` when the distance is not above the threshold. */
      readonly decision: 'match' | 'no_match'
      /** L2; 0 is the same photo. */
      readonly distance: number
      /** Largest distance that matches. */
      readonly threshold: number
      /** The threshold was set by hand; nobody knows its rate. */
      readonly calibrated: false
      /** Network and weights hash. */
      readonly model: string
      /** The face in the left photo. */
      readonly left: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
        /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
        readonly livenessScore?: number
      }
      /** The face in the right photo. */
      readonly right: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
        /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
        readonly livenessScore?: number
      }
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }

export interface Detection {
  /** Largest first; empty when there is none. */
  readonly faces: readonly {
    readonly box: Box
    /** Degrees clockwise that the photo had to be turned. */
    readonly rotation: 0 | 90 | 180 | 270
    /** 68 points [x, y] in pixels of the upright photo. */
    readonly landmarks: readonly (readonly [number, number])[]
    /** 0 to 1, how sure the detector is. */
    readonly score: number
    readonly quality: Quality
    /** Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches. */
    readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof'
    /** 0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks. */
    readonly livenessScore?: number
  }[]
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface Encoding {
  /** Of length 1; comparable only with encodings of the same model. */
  readonly encoding: readonly number[]
  /** Network and weights hash. */
  readonly model: string
  readonly face: Face
  readonly quality: Quality
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface Enrollment {
  /** Whom this is about, as enrolled. */
  readonly identity: string
  /** What to call the person in listings; it takes no part in any decision. */
  readonly name?: string
  /** How many are stored; never what. */
  readonly encodings: number
  /** Network and weights hash. */
  readonly model: string
  /** Of encodings beside these, while the network is being changed. */
  readonly otherModel?: string
  /** One entry a photo, in the order sent. */
  readonly images: readonly {
    /** What became of the photo. */
    readonly outcome: 'encoded'
    readonly face: Face
    readonly quality: Quality
  }[]
  /** When the person was first enrolled. */
  readonly createdAt: string
  /** When encodings or name last changed. */
  readonly updatedAt: string
  /** When the person is forgotten; absent when they stay. */
  readonly expiresAt?: string
}

export interface IdentityPage {
  /** In byte order of the identities. */
  readonly identities: readonly {
    /** Whom this is about, as enrolled. */
    readonly identity: string
    /** What to call the person in listings; it takes no part in any decision. */
    readonly name?: string
    /** How many are stored; never what. */
    readonly encodings: number
    /** Network and weights hash. */
    readonly model: string
    /** Of encodings beside these, while the network is being changed. */
    readonly otherModel?: string
    /** When the person is forgotten; absent when they stay. */
    readonly expiresAt?: string
  }[]
  /** Present when there is another page. */
  readonly cursor?: string
}

export interface Identity {
  /** Whom this is about, as enrolled. */
  readonly identity: string
  /** What to call the person in listings; it takes no part in any decision. */
  readonly name?: string
  /** How many are stored; never what. */
  readonly encodings: number
  /** Network and weights hash. */
  readonly model: string
  /** Of encodings beside these, while the network is being changed. */
  readonly otherModel?: string
  /** When the person was first enrolled. */
  readonly createdAt: string
  /** When encodings or name last changed. */
  readonly updatedAt: string
  /** When the person is forgotten; absent when they stay. */
  readonly expiresAt?: string
}

export type PeopleLine = PeopleHeader | PersonLine | UnreadableLine | PeopleClosing

export interface PeopleHeader {
  /** What file this is. */
  readonly format: 'facegate-people'
  /** Of the format. */
  readonly version: 1
  /** The network that runs; each person names theirs. */
  readonly model: string
  /** When the file was made. */
  readonly date: string
}

export interface PersonLine {
  /** Whom this is about, as enrolled. */
  readonly identity: string
  /** What to call the person in listings; it takes no part in any decision. */
  readonly name?: string
  /** What made the encodings. */
  readonly model: string
  /** Each 128 float32 numbers, little-endian, in base64: 684 characters. */
  readonly encodings: readonly string[]
  /** Encodings of another network, while it is being changed. */
  readonly other?: {
    /** What made the encodings. */
    readonly model: string
    /** Each 128 float32 numbers, little-endian, in base64: 684 characters. */
    readonly encodings: readonly string[]
  }
  /** When the person was first enrolled. */
  readonly createdAt?: string
  /** When encodings or name last changed. */
  readonly updatedAt?: string
  /** From then on the person matches nobody. */
  readonly expiresAt?: string
}

export interface UnreadableLine {
  /** Whom this is about, as enrolled. */
  readonly identity: string
  /** Why the record could not be read. */
  readonly unreadable: string
}

export interface PeopleClosing {
  /** How many people the file has. */
  readonly people: number
  /** Lines that only say so. */
  readonly unreadable: number
  /** Of all lines before this one, each with a line feed. */
  readonly sha256: string
  /** Present when there are more people. */
  readonly cursor?: string
}

export type ImportOutcome =
  | {
      /** Number of the line in the body, from 1 on. */
      readonly line: number
      /** Whom this is about, as enrolled. */
      readonly identity: string
      /** What became of the line. */
      readonly outcome: 'created' | 'replaced' | 'unchanged'
    }
  | {
      /** Number of the line in the body, from 1 on. */
      readonly line: number
      /** When the line had a good one. */
      readonly identity?: string
      /** Nothing of the line was stored. */
      readonly outcome: 'refused'
      /** Why, as in a problem. */
      readonly code: ErrorCode
      /** What was wrong with the line. */
      readonly detail: string
      /** The same line may succeed later. */
      readonly retryable: boolean
    }
  | {
      /** The last line. */
      readonly outcome: 'finished'
      /** People who are new. */
      readonly created: number
      /** People whose record is another now. */
      readonly replaced: number
      /** People who were stored like that already. */
      readonly unchanged: number
      /** Lines that were refused. */
      readonly refused: number
      /** Of the whole body by its closing line. Whatever was acknowledged stays as it is in any case. */
      readonly checksum: 'verified' | 'wrong' | 'missing'
      /** Why reading ended before the end. */
      readonly problem?: string
    }

export interface Reencryption {
  /** People who were sealed anew. */
  readonly reencrypted: number
  /** People who cannot be read, and so not be sealed anew either. */
  readonly unreadable: readonly string[]
  /** Present when not everybody was dealt with yet. */
  readonly cursor?: string
}

export interface ForgottenModels {
  /** People who now have encodings of one network. */
  readonly forgotten: number
  /** People without encodings of the network that runs: left as they are. */
  readonly kept: readonly string[]
  /** Present when not everybody was dealt with yet. */
  readonly cursor?: string
}

export interface Health {
  /** A face was encoded as it should be. */
  readonly ok: true
  /** The encoder that runs. */
  readonly network: string
  /** Network and weights hash. */
  readonly model: string
  /** Whether its thresholds were measured, or one was set. */
  readonly calibrated: boolean
  /** What is done about faces that may not be live, and by which network. */
  readonly liveness: {
    /** What is done about them. */
    readonly policy: 'off' | 'advise' | 'require'
    /** The network that scores. */
    readonly model?: string
    /** Least score that counts as live. */
    readonly threshold?: number
  }
  /** Of facegate. */
  readonly version: string
}

export interface KeySet {
  /** Every key that may have signed a receipt that is still good. */
  readonly keys: readonly {
    /** Kind of key. */
    readonly kty: 'OKP'
    /** Its curve. */
    readonly crv: 'Ed25519'
    /** The public key, in base64url. */
    readonly x: string
    /** As in the header of the receipts it signed. */
    readonly kid: string
    /** What it signs with. */
    readonly alg: 'EdDSA'
    /** What it is for. */
    readonly use: 'sig'
  }[]
}

export interface ChallengeFields {
  /** Whom this is about, as enrolled. */
  readonly identity: string
}

export interface VerifyFields {
  /** Whom this is about, as enrolled. */
  readonly identity: string
  /** False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold. */
  readonly fmr?: number
  /** What POST /challenge gave for this identity, unchanged; it is good once. Asked for when REQUIRE_CHALLENGE is set. */
  readonly challenge?: string
}

export interface RecognizeFields {
  /** Most candidates in the answer; 5 unless given. */
  readonly limit?: number
  /** False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold. */
  readonly fmr?: number
}

export interface CompareFields {
  /** False-match rate to decide at, one of the calibrated ones; 0.001 unless given. There is no bare threshold. */
  readonly fmr?: number
}

export interface EnrollFields {
  /** What to call the person in listings; it takes no part in any decision. */
  readonly name?: string
  /** When to forget the person, a time in the future; from then on they match nobody. */
  readonly expiresAt?: string
  /** Enroll the person even if they match somebody who is enrolled already; false unless given. */
  readonly allowDuplicate?: boolean
}

export interface UpdateIdentityFields {
  /** What to call the person in listings; it takes no part in any decision. */
  readonly name?: string | null
  /** When to forget the person, a time in the future; from then on they match nobody. */
  readonly expiresAt?: string | null
}

export interface AddImagesFields {
  /** Enroll the person even if they match somebody who is enrolled already; false unless given. */
  readonly allowDuplicate?: boolean
}

export interface ListIdentitiesFields {
  /** The `cursor` of the page before, unchanged. */
  readonly cursor?: string
  /** Most identities in the answer; 100 unless given. */
  readonly limit?: number
  /** Lists only identities that begin with this. */
  readonly prefix?: string
}

export interface ExportPeopleFields {
  /** The `cursor` of the page before, unchanged. */
  readonly cursor?: string
  /** Most people in the answer; everybody unless given. */
  readonly limit?: number
}

export interface ImportPeopleFields {
  /** Enroll the person even if they match somebody who is enrolled already; false unless given. */
  readonly allowDuplicate?: boolean
  /** Add the encodings beside those of the network that runs, for people who are enrolled; false unless given. */
  readonly secondModel?: boolean
}

export interface ReencryptPeopleFields {
  /** The `cursor` of the page before, unchanged. */
  readonly cursor?: string
  /** Most people to change in this request; 200 unless given. */
  readonly limit?: number
}

export interface PruneModelsFields {
  /** The `cursor` of the page before, unchanged. */
  readonly cursor?: string
  /** Most people to change in this request; 200 unless given. */
  readonly limit?: number
}
