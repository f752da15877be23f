/**
 * What the endpoints take and answer. Written by `npm run write-docs` from the schemas that check requests and
 * answers: change those, not this.
 */

export type ErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'challenge_invalid'
  | 'session_over'
  | 'poses_over'
  | 'liveness_required'
  | 'session_not_found'
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
  | 'face_cut_off'
  | 'face_too_small'
  | 'face_too_dark'
  | 'face_too_bright'
  | 'face_low_contrast'
  | 'face_too_blurry'
  | 'face_shaken'
  | 'face_too_grainy'
  | 'face_eyes_covered'
  | 'face_mouth_covered'
  | 'face_painted'
  | 'face_distorted'
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

export interface OpenedSession {
  /** The id of a session. It is not secret and opens nothing. */
  readonly session: string
  /** For the phone, which sends it as `Authorization: Bearer <token>`. Keep no copy. */
  readonly token: string
  /** Whom the photo must show; absent when the session is for nobody in particular. */
  readonly identity?: string
  /** What the backend wants the match for, in its own words. The receipt repeats it, so that a match for one purpose is not valid for another. */
  readonly purpose?: string
  /** False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent. */
  readonly fmr?: number
  /** `active`: the person does a few poses, which the phone draws with `POST /poses`, and the photos must show a head that turns. With LIVENESS=active this applies to every session. */
  readonly liveness?: 'active'
  /** How the phone learns the poses: `at_once` unless given. `one_by_one`: it announces the photo of each by its hash before it learns the next, and each has its own time. With LIVENESS_POSES=one_by_one this applies to every session with poses. */
  readonly poses?: 'at_once' | 'one_by_one'
  /** How much the photos must show of a live head: `relief` unless given, or `one_take`. With LIVENESS_LEVEL=one_take, `one_take` applies to every session with poses. */
  readonly livenessLevel?: 'relief' | 'one_take'
  /** How many photos may be compared; 3 unless given. The first match ends the session. */
  readonly tries: number
  /** Until then the session may be open. */
  readonly expiresAt: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface ImageOutcome {
  /** What happened to the photo: `encoded`, or why not. */
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
  /** What was wrong with this request, for the developer. */
  readonly detail: string
  /** Never changes its meaning: decide by this. */
  readonly code: ErrorCode
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** What the person holding the phone can do. */
  readonly hint: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
  /** Every photo of an enrollment that was refused for its photos, in the order sent. */
  readonly images?: readonly ImageOutcome[]
}

export interface Session {
  /** The id of a session. It is not secret and opens nothing. */
  readonly session: string
  /** `open`: a photo may come, or is being compared. `matched`: a photo matched. `spent`: no try is left. `expired`: the time is over. */
  readonly status: 'open' | 'matched' | 'spent' | 'expired'
  /** The result of the session; absent while it is open. Final. */
  readonly decision?: 'match' | 'no_match'
  /** Whom the photo must show, or whoever was recognized. */
  readonly identity?: string
  /** What the backend wants the match for, in its own words. The receipt repeats it, so that a match for one purpose is not valid for another. */
  readonly purpose?: string
  /** False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent. */
  readonly fmr?: number
  /** `active`: the person does a few poses, which the phone draws with `POST /poses`, and the photos must show a head that turns. With LIVENESS=active this applies to every session. */
  readonly liveness?: 'active'
  /** How the phone learns the poses: `at_once` unless given. `one_by_one`: it announces the photo of each by its hash before it learns the next, and each has its own time. With LIVENESS_POSES=one_by_one this applies to every session with poses. */
  readonly poses?: 'at_once' | 'one_by_one'
  /** How much the photos must show of a live head: `relief` unless given, or `one_take`. With LIVENESS_LEVEL=one_take, `one_take` applies to every session with poses. */
  readonly livenessLevel?: 'relief' | 'one_take'
  /** How many photos may be compared; 3 unless given. The first match ends the session. */
  readonly tries: number
  /** Until then the session may be open. */
  readonly expiresAt: string
  /** How many more photos of the session may be compared. */
  readonly triesLeft: number
  /** The tries that ended, in order. One that was cut off is spent but not listed. */
  readonly attempts: readonly {
    /** When the try ended. */
    readonly at: string
    /** Names this request in the log; also in the header X-Request-Id. */
    readonly requestId: string
    /** What was decided; absent when nothing was compared. */
    readonly decision?: 'match' | 'no_match' | 'ambiguous'
    /** Why the decision is `no_match`, where it is not the distance alone. `nearer_to_another`: somebody else enrolled is clearly nearer. `others_unknown`: some people cannot be compared, and one of them may be nearer. `look_ahead`: a photo that should look ahead does not. `turn_left`: the head is not turned to the left as far as asked. `turn_right`: the head is not turned to the right as far as asked. `look_up`: the head is not raised as far as asked. `look_down`: the head is not lowered as far as asked. `come_nearer`: the face did not come as near as asked. `turned_too_far`: the head is turned farther than asked, or at a slant. `too_near`: the face is nearer than asked. `other_person`: the photos do not all show one person. `seen_before`: two photos are the same picture, or one was sent before. `other_photo`: a photo is not the one announced for its pose. `not_one_take`: the photos do not agree as those of one take do, and the session asks for `one_take`. `flat`: the face did not move between the photos as a head does. `face_eyes_covered`: dark glasses or something else covers the eyes. `face_mouth_covered`: a mask, a scarf, a hand or a cup covers nose or mouth. `face_too_grainy`: noise, strong compression, coarse pixels or a pattern of shadows have left too little of the face. `face_shaken`: the face or the camera moved while the photo was taken. `face_too_dark`: the face, or the whole photo, is too dark to compare. `face_too_bright`: the face is overexposed. `face_cut_off`: the border of the photo cuts the face: an eye, the nose or the mouth is outside, or, to enroll, a tenth of its outline. `nearer_to_another`, `others_unknown`, `look_ahead`, `turn_left`, `turn_right`, `look_up`, `look_down`, `come_nearer`, `turned_too_far`, `too_near` do not count as failed. */
    readonly reason?: 'nearer_to_another' | 'others_unknown' | 'look_ahead' | 'turn_left' | 'turn_right' | 'look_up' | 'look_down' | 'come_nearer' | 'turned_too_far' | 'too_near' | 'other_person' | 'seen_before' | 'other_photo' | 'not_one_take' | 'flat' | 'face_eyes_covered' | 'face_mouth_covered' | 'face_too_grainy' | 'face_shaken' | 'face_too_dark' | 'face_too_bright' | 'face_cut_off'
    /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
    readonly liveness?: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
    /** With `active`: what showed that it is a live head. `relief`: its landmarks moved as those of a head. `one_take`: its pixels did too, and the photos agree as those of one take do. */
    readonly livenessLevel?: 'relief' | 'one_take'
    /** Why the photo could not be compared. Such a photo gives its try back, 20 times. */
    readonly code?: ErrorCode
  }[]
  /** The receipt of the match, as the phone got it; valid for 60 seconds from the decision. */
  readonly receipt?: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface Poses {
  /** What the person is to do, one after the other; `left` and `right` are their own. `ahead` comes first. Only those given so far. */
  readonly poses: readonly ('ahead' | 'left' | 'right' | 'up' | 'down' | 'nearer')[]
  /** Whether these are all poses, so that the photos may be sent. Otherwise announce the photo of the last one with `POST /poses/next`. */
  readonly complete: boolean
  /** Until then the photos must arrive, or the photo of the last pose must be announced. */
  readonly expiresAt: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface Challenge {
  /** The challenge that POST /challenge gave for this identity, unchanged. It works once. Required when the service runs with REQUIRE_CHALLENGE. */
  readonly challenge: string
  /** The identity of a person, as enrolled. */
  readonly identity: string
  /** Until then the challenge can be used. */
  readonly expiresAt: string
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export type Verification =
  | {
      /** `match` when the distance is at most the threshold. */
      readonly decision: 'match' | 'no_match'
      /** How far apart the faces are; 0 is the same photo. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly distance?: number
      /** Why the decision is `no_match`, where it is not the distance alone. `nearer_to_another`: somebody else enrolled is clearly nearer. `others_unknown`: some people cannot be compared, and one of them may be nearer. `look_ahead`: a photo that should look ahead does not. `turn_left`: the head is not turned to the left as far as asked. `turn_right`: the head is not turned to the right as far as asked. `look_up`: the head is not raised as far as asked. `look_down`: the head is not lowered as far as asked. `come_nearer`: the face did not come as near as asked. `turned_too_far`: the head is turned farther than asked, or at a slant. `too_near`: the face is nearer than asked. `other_person`: the photos do not all show one person. `seen_before`: two photos are the same picture, or one was sent before. `other_photo`: a photo is not the one announced for its pose. `not_one_take`: the photos do not agree as those of one take do, and the session asks for `one_take`. `flat`: the face did not move between the photos as a head does. `face_eyes_covered`: dark glasses or something else covers the eyes. `face_mouth_covered`: a mask, a scarf, a hand or a cup covers nose or mouth. `face_too_grainy`: noise, strong compression, coarse pixels or a pattern of shadows have left too little of the face. `face_shaken`: the face or the camera moved while the photo was taken. `face_too_dark`: the face, or the whole photo, is too dark to compare. `face_too_bright`: the face is overexposed. `face_cut_off`: the border of the photo cuts the face: an eye, the nose or the mouth is outside, or, to enroll, a tenth of its outline. `nearer_to_another`, `others_unknown`, `look_ahead`, `turn_left`, `turn_right`, `look_up`, `look_down`, `come_nearer`, `turned_too_far`, `too_near` do not count as failed. */
      readonly reason?: 'nearer_to_another' | 'others_unknown' | 'look_ahead' | 'turn_left' | 'turn_right' | 'look_up' | 'look_down' | 'come_nearer' | 'turned_too_far' | 'too_near' | 'other_person' | 'seen_before' | 'other_photo' | 'not_one_take' | 'flat' | 'face_eyes_covered' | 'face_mouth_covered' | 'face_too_grainy' | 'face_shaken' | 'face_too_dark' | 'face_too_bright' | 'face_cut_off'
      /** What the person who holds the phone can do; present with `reason` only. */
      readonly hint?: string
      /** The identity of a person, as enrolled. */
      readonly identity: string
      /** Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly threshold?: number
      /** The threshold was measured for `fmr`. */
      readonly calibrated: true
      /** The false-match rate that the threshold was measured for. */
      readonly fmr: number
      /** The network and the hash of its weights. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
      /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly livenessScore?: number
      /** With `active`: what showed that it is a live head. `relief`: its landmarks moved as those of a head. `one_take`: its pixels did too, and the photos agree as those of one take do. */
      readonly livenessLevel?: 'relief' | 'one_take'
      /** Present when the decision rests on copies alone, because the service runs with CONSISTENCY=edge: they may be a minute late, and no attempt is counted. */
      readonly consistency?: 'edge'
      /** How many more photos of the session may be compared. */
      readonly triesLeft?: number
      /** A JWT that states the decision, valid for 60 seconds. Its public keys are at /.well-known/jwks.json. */
      readonly receipt: string
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }
  | {
      /** `match` when the distance is at most the threshold. */
      readonly decision: 'match' | 'no_match'
      /** How far apart the faces are; 0 is the same photo. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly distance?: number
      /** Why the decision is `no_match`, where it is not the distance alone. `nearer_to_another`: somebody else enrolled is clearly nearer. `others_unknown`: some people cannot be compared, and one of them may be nearer. `look_ahead`: a photo that should look ahead does not. `turn_left`: the head is not turned to the left as far as asked. `turn_right`: the head is not turned to the right as far as asked. `look_up`: the head is not raised as far as asked. `look_down`: the head is not lowered as far as asked. `come_nearer`: the face did not come as near as asked. `turned_too_far`: the head is turned farther than asked, or at a slant. `too_near`: the face is nearer than asked. `other_person`: the photos do not all show one person. `seen_before`: two photos are the same picture, or one was sent before. `other_photo`: a photo is not the one announced for its pose. `not_one_take`: the photos do not agree as those of one take do, and the session asks for `one_take`. `flat`: the face did not move between the photos as a head does. `face_eyes_covered`: dark glasses or something else covers the eyes. `face_mouth_covered`: a mask, a scarf, a hand or a cup covers nose or mouth. `face_too_grainy`: noise, strong compression, coarse pixels or a pattern of shadows have left too little of the face. `face_shaken`: the face or the camera moved while the photo was taken. `face_too_dark`: the face, or the whole photo, is too dark to compare. `face_too_bright`: the face is overexposed. `face_cut_off`: the border of the photo cuts the face: an eye, the nose or the mouth is outside, or, to enroll, a tenth of its outline. `nearer_to_another`, `others_unknown`, `look_ahead`, `turn_left`, `turn_right`, `look_up`, `look_down`, `come_nearer`, `turned_too_far`, `too_near` do not count as failed. */
      readonly reason?: 'nearer_to_another' | 'others_unknown' | 'look_ahead' | 'turn_left' | 'turn_right' | 'look_up' | 'look_down' | 'come_nearer' | 'turned_too_far' | 'too_near' | 'other_person' | 'seen_before' | 'other_photo' | 'not_one_take' | 'flat' | 'face_eyes_covered' | 'face_mouth_covered' | 'face_too_grainy' | 'face_shaken' | 'face_too_dark' | 'face_too_bright' | 'face_cut_off'
      /** What the person who holds the phone can do; present with `reason` only. */
      readonly hint?: string
      /** The identity of a person, as enrolled. */
      readonly identity: string
      /** Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly threshold?: number
      /** The threshold was set by hand; its false-match rate is unknown. */
      readonly calibrated: false
      /** The network and the hash of its weights. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
      /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly livenessScore?: number
      /** With `active`: what showed that it is a live head. `relief`: its landmarks moved as those of a head. `one_take`: its pixels did too, and the photos agree as those of one take do. */
      readonly livenessLevel?: 'relief' | 'one_take'
      /** Present when the decision rests on copies alone, because the service runs with CONSISTENCY=edge: they may be a minute late, and no attempt is counted. */
      readonly consistency?: 'edge'
      /** How many more photos of the session may be compared. */
      readonly triesLeft?: number
      /** A JWT that states the decision, valid for 60 seconds. Its public keys are at /.well-known/jwks.json. */
      readonly receipt: string
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }

/** The face that was used, and where it is. */
export interface Face {
  readonly box: Box
  /** By how many degrees clockwise the photo was turned upright. */
  readonly rotation: 0 | 90 | 180 | 270
}

/** Where the face is in the upright photo. It may reach beyond the edge. */
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
  /** 0 to 1; 1 is sharp. */
  readonly sharpness: number
  /** 0 to 1: the mean luma of the face. */
  readonly brightness: number
  /** 0 to 1: the deviation of the luma of the face. */
  readonly contrast: number
  /** Degrees; above 0 the person looks to their left. */
  readonly yaw: number
  /** Degrees; above 0 the person looks up. */
  readonly pitch: number
  /** Degrees; above 0 the head leans clockwise in the photo. */
  readonly roll: number
  /** Longer side of the face, in pixels. */
  readonly faceSize: number
}

export type Recognition =
  | {
      /** `ambiguous` when two people are about equally near. */
      readonly decision: 'match' | 'no_match' | 'ambiguous'
      /** Who it is; present with `match` only. */
      readonly identity?: string
      /** The distance to this person; present with `match` only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly distance?: number
      /** Everybody who is near enough, nearest first, each once. With the token of a session, only the match. */
      readonly candidates: readonly {
        /** The identity of a person, as enrolled. */
        readonly identity: string
        /** How far apart the faces are; 0 is the same photo. For keys of the role `admin`, and for others when DETAIL is `scores`. */
        readonly distance?: number
      }[]
      /** Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly threshold?: number
      /** The threshold was measured for `fmr`. */
      readonly calibrated: true
      /** The false-match rate that the threshold was measured for. */
      readonly fmr: number
      /** The network and the hash of its weights. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
      /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly livenessScore?: number
      /** Present when the decision rests on copies alone, because the service runs with CONSISTENCY=edge: they may be a minute late, and no attempt is counted. */
      readonly consistency?: 'edge'
      /** How many more photos of the session may be compared. */
      readonly triesLeft?: number
      /** With the token of a session, for a match: a JWT like that of `/verify`. */
      readonly receipt?: string
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }
  | {
      /** `ambiguous` when two people are about equally near. */
      readonly decision: 'match' | 'no_match' | 'ambiguous'
      /** Who it is; present with `match` only. */
      readonly identity?: string
      /** The distance to this person; present with `match` only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly distance?: number
      /** Everybody who is near enough, nearest first, each once. With the token of a session, only the match. */
      readonly candidates: readonly {
        /** The identity of a person, as enrolled. */
        readonly identity: string
        /** How far apart the faces are; 0 is the same photo. For keys of the role `admin`, and for others when DETAIL is `scores`. */
        readonly distance?: number
      }[]
      /** Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly threshold?: number
      /** The threshold was set by hand; its false-match rate is unknown. */
      readonly calibrated: false
      /** The network and the hash of its weights. */
      readonly model: string
      readonly face: Face
      readonly quality: Quality
      /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
      readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
      /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly livenessScore?: number
      /** Present when the decision rests on copies alone, because the service runs with CONSISTENCY=edge: they may be a minute late, and no attempt is counted. */
      readonly consistency?: 'edge'
      /** How many more photos of the session may be compared. */
      readonly triesLeft?: number
      /** With the token of a session, for a match: a JWT like that of `/verify`. */
      readonly receipt?: string
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }

export type Comparison =
  | {
      /** `match` when the distance is at most the threshold. */
      readonly decision: 'match' | 'no_match'
      /** How far apart the faces are; 0 is the same photo. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly distance?: number
      /** Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly threshold?: number
      /** The threshold was measured for `fmr`. */
      readonly calibrated: true
      /** The false-match rate that the threshold was measured for. */
      readonly fmr: number
      /** The network and the hash of its weights. */
      readonly model: string
      /** The face in the left photo. */
      readonly left: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
        /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
        readonly livenessScore?: number
      }
      /** The face in the right photo. */
      readonly right: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
        /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
        readonly livenessScore?: number
      }
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }
  | {
      /** `match` when the distance is at most the threshold. */
      readonly decision: 'match' | 'no_match'
      /** How far apart the faces are; 0 is the same photo. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly distance?: number
      /** Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. For keys of the role `admin`, and for others when DETAIL is `scores`. */
      readonly threshold?: number
      /** The threshold was set by hand; its false-match rate is unknown. */
      readonly calibrated: false
      /** The network and the hash of its weights. */
      readonly model: string
      /** The face in the left photo. */
      readonly left: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
        /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
        readonly livenessScore?: number
      }
      /** The face in the right photo. */
      readonly right: {
        readonly face: Face
        readonly quality: Quality
        /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
        readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
        /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
        readonly livenessScore?: number
      }
      /** Names this request in the log; also in the header X-Request-Id. */
      readonly requestId: string
    }

export interface Detection {
  /** Largest first; empty when the photo has no face. */
  readonly faces: readonly {
    readonly box: Box
    /** By how many degrees clockwise the photo was turned upright. */
    readonly rotation: 0 | 90 | 180 | 270
    /** 68 points [x, y] in pixels of the upright photo. */
    readonly landmarks: readonly (readonly [number, number])[]
    /** 0 to 1: how sure the detector is. */
    readonly score: number
    readonly quality: Quality
    /** Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is `likely_spoof` never matches. */
    readonly liveness: 'not_checked' | 'likely_live' | 'likely_spoof' | 'active'
    /** 0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. For keys of the role `admin`, and for others when DETAIL is `scores`. */
    readonly livenessScore?: number
  }[]
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface Encoding {
  /** As many numbers as the network gives. Compare them only with encodings of the same model. */
  readonly encoding: readonly number[]
  /** The network and the hash of its weights. */
  readonly model: string
  readonly face: Face
  readonly quality: Quality
  /** Names this request in the log; also in the header X-Request-Id. */
  readonly requestId: string
}

export interface Enrollment {
  /** The identity of a person, as enrolled. */
  readonly identity: string
  /** The name of the person in listings. No decision depends on it. */
  readonly name?: string
  /** How many encodings are stored. */
  readonly encodings: number
  /** The network and the hash of its weights. */
  readonly model: string
  /** The network of a second set of encodings, while the network is being changed. */
  readonly otherModel?: string
  /** One entry per photo, in the order sent. */
  readonly images: readonly {
    /** What happened to the photo. */
    readonly outcome: 'encoded'
    readonly face: Face
    readonly quality: Quality
  }[]
  /** What would make the person easier to find; absent when the photos suffice. */
  readonly hint?: string
  /** When the person was first enrolled. */
  readonly createdAt: string
  /** When the encodings or the name last changed. */
  readonly updatedAt: string
  /** When the person is deleted; absent when they stay enrolled. */
  readonly expiresAt?: string
}

export interface IdentityPage {
  /** Sorted by the bytes of the identity. */
  readonly identities: readonly {
    /** The identity of a person, as enrolled. */
    readonly identity: string
    /** The name of the person in listings. No decision depends on it. */
    readonly name?: string
    /** How many encodings are stored. */
    readonly encodings: number
    /** The network and the hash of its weights. */
    readonly model: string
    /** The network of a second set of encodings, while the network is being changed. */
    readonly otherModel?: string
    /** When the person is deleted; absent when they stay enrolled. */
    readonly expiresAt?: string
  }[]
  /** Present when there is another page. */
  readonly cursor?: string
}

export interface Identity {
  /** The identity of a person, as enrolled. */
  readonly identity: string
  /** The name of the person in listings. No decision depends on it. */
  readonly name?: string
  /** How many encodings are stored. */
  readonly encodings: number
  /** The network and the hash of its weights. */
  readonly model: string
  /** The network of a second set of encodings, while the network is being changed. */
  readonly otherModel?: string
  /** When the person was first enrolled. */
  readonly createdAt: string
  /** When the encodings or the name last changed. */
  readonly updatedAt: string
  /** When the person is deleted; absent when they stay enrolled. */
  readonly expiresAt?: string
}

export type PeopleLine = PeopleHeader | PersonLine | UnreadableLine | PeopleClosing

export interface PeopleHeader {
  /** What kind of file this is. */
  readonly format: 'facegate-people'
  /** The version of the format. */
  readonly version: 1
  /** The running network. Each person names the network of their encodings. */
  readonly model: string
  /** When the file was made. */
  readonly date: string
}

export interface PersonLine {
  /** The identity of a person, as enrolled. */
  readonly identity: string
  /** The name of the person in listings. No decision depends on it. */
  readonly name?: string
  /** The network that made the encodings, and the hash of its weights. */
  readonly model: string
  /** Each the float32 numbers that the network gives, little-endian, in base64: for 128 of them 684 characters. */
  readonly encodings: readonly string[]
  /** How far the photos may be spoilt, from 0 to 1: a probe that may be spoilt too is held more strictly. Unknown, as 1, unless given. */
  readonly suspicion?: number
  /** Encodings of another network, while the network is being changed. */
  readonly other?: {
    /** The network that made the encodings, and the hash of its weights. */
    readonly model: string
    /** Each the float32 numbers that the network gives, little-endian, in base64: for 128 of them 684 characters. */
    readonly encodings: readonly string[]
    /** How far the photos may be spoilt, from 0 to 1: a probe that may be spoilt too is held more strictly. Unknown, as 1, unless given. */
    readonly suspicion?: number
  }
  /** When the person was first enrolled. */
  readonly createdAt?: string
  /** When the encodings or the name last changed. */
  readonly updatedAt?: string
  /** When the person is deleted. From then on nobody matches them. */
  readonly expiresAt?: string
}

export interface UnreadableLine {
  /** The identity of a person, as enrolled. */
  readonly identity: string
  /** Why the record could not be read. */
  readonly unreadable: string
}

export interface PeopleClosing {
  /** How many people the lines hold. */
  readonly people: number
  /** How many lines only say that a record cannot be read. */
  readonly unreadable: number
  /** The SHA-256 of all lines before this one, each with its line feed. */
  readonly sha256: string
  /** Present when there are more people. */
  readonly cursor?: string
}

export type ImportOutcome =
  | {
      /** The number of the line in the body, from 1 on. */
      readonly line: number
      /** The identity of a person, as enrolled. */
      readonly identity: string
      /** What happened to the line. */
      readonly outcome: 'created' | 'replaced' | 'unchanged'
    }
  | {
      /** The number of the line in the body, from 1 on. */
      readonly line: number
      /** Present when the line names a valid one. */
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
      /** How many people are new. */
      readonly created: number
      /** How many people were replaced. */
      readonly replaced: number
      /** How many people were already stored like this. */
      readonly unchanged: number
      /** How many lines were refused. */
      readonly refused: number
      /** Whether the body has the checksum of its closing line. Acknowledged lines stay stored in any case. */
      readonly checksum: 'verified' | 'wrong' | 'missing'
      /** Why reading stopped before the end. */
      readonly problem?: string
    }

export interface Reencryption {
  /** How many people were encrypted again. */
  readonly reencrypted: number
  /** People whose record cannot be read, and so was not encrypted again. */
  readonly unreadable: readonly string[]
  /** Present when there are more people to go through. */
  readonly cursor?: string
}

export interface ForgottenModels {
  /** How many people now have encodings of the running network only. */
  readonly forgotten: number
  /** People without encodings of the running network, who were left as they are. */
  readonly kept: readonly string[]
  /** Present when there are more people to go through. */
  readonly cursor?: string
}

export interface Health {
  /** The built-in face was encoded as it should be. */
  readonly ok: true
  /** The encoder that runs. */
  readonly network: string
  /** The network and the hash of its weights. */
  readonly model: string
  /** Whether its thresholds were measured, or one was set by hand. */
  readonly calibrated: boolean
  /** The false-match rate that is decided at unless a request asks for a stricter one. */
  readonly fmr?: number
  /** What the service does about faces that may not be live. */
  readonly liveness: {
    /** The setting LIVENESS. */
    readonly policy: 'off' | 'advise' | 'require' | 'active'
    /** The networks that score. */
    readonly model?: string
    /** The lowest score that counts as live. */
    readonly threshold?: number
  }
  /** The version of facegate. */
  readonly version: string
}

export interface KeySet {
  /** Every key that may have signed a receipt that is still valid. */
  readonly keys: readonly {
    /** The type of the key. */
    readonly kty: 'OKP'
    /** Its curve. */
    readonly crv: 'Ed25519'
    /** The public key, in base64url. */
    readonly x: string
    /** The name of the key, as in the header of the receipts that it signed. */
    readonly kid: string
    /** The algorithm that the key signs with. */
    readonly alg: 'EdDSA'
    /** What the key is for. */
    readonly use: 'sig'
  }[]
}

export interface OpenSessionFields {
  /** Whom the phone must show; without it, anybody who is recognized. */
  readonly identity?: string
  /** What the backend wants the match for, in its own words. The receipt repeats it, so that a match for one purpose is not valid for another. */
  readonly purpose?: string
  /** False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent. */
  readonly fmr?: number
  /** Names the device that took the photo: any text that is always the same for it. Failed attempts of one device are counted together. The name is hashed at once and not kept. */
  readonly device?: string
  /** How many photos may be compared; 3 unless given. The first match ends the session. */
  readonly tries?: number
  /** How many seconds the session is open; 180 unless given. */
  readonly seconds?: number
  /** `active`: the person does a few poses, which the phone draws with `POST /poses`, and the photos must show a head that turns. With LIVENESS=active this applies to every session. */
  readonly liveness?: 'active'
  /** How the phone learns the poses: `at_once` unless given. `one_by_one`: it announces the photo of each by its hash before it learns the next, and each has its own time. With LIVENESS_POSES=one_by_one this applies to every session with poses. */
  readonly poses?: 'at_once' | 'one_by_one'
  /** How much the photos must show of a live head: `relief` unless given, or `one_take`. With LIVENESS_LEVEL=one_take, `one_take` applies to every session with poses. */
  readonly livenessLevel?: 'relief' | 'one_take'
}

export interface AnnouncePhotoFields {
  /** SHA-256 of the bytes of the photo that will be sent, in lowercase hexadecimal. */
  readonly photoSha256: string
}

export interface ChallengeFields {
  /** The identity of a person, as enrolled. */
  readonly identity: string
}

export interface VerifyFields {
  /** The identity of a person, as enrolled. Required with a key; with the token of a session only photos are accepted. */
  readonly identity?: string
  /** False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent. */
  readonly fmr?: number
  /** The challenge that POST /challenge gave for this identity, unchanged. It works once. Required when the service runs with REQUIRE_CHALLENGE. */
  readonly challenge?: string
  /** Names the device that took the photo: any text that is always the same for it. Failed attempts of one device are counted together. The name is hashed at once and not kept. */
  readonly device?: string
}

export interface RecognizeFields {
  /** How many candidates the answer lists at most; 5 unless given. */
  readonly limit?: number
  /** False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent. */
  readonly fmr?: number
  /** Names the device that took the photo: any text that is always the same for it. Failed attempts of one device are counted together. The name is hashed at once and not kept. */
  readonly device?: string
}

export interface CompareFields {
  /** False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent. */
  readonly fmr?: number
}

export interface EnrollFields {
  /** The name of the person in listings. No decision depends on it. */
  readonly name?: string
  /** When to delete the person, a time in the future. From then on nobody matches them. */
  readonly expiresAt?: string
  /** Enroll the person even if they match somebody who is already enrolled; false unless given. */
  readonly allowDuplicate?: boolean
  /** Accept photos that differ as much as those of look-alikes, up to what `/verify` lets in; false unless given. */
  readonly allowDifferent?: boolean
}

export interface UpdateIdentityFields {
  /** The name of the person in listings. No decision depends on it. */
  readonly name?: string | null
  /** When to delete the person, a time in the future. From then on nobody matches them. */
  readonly expiresAt?: string | null
}

export interface AddImagesFields {
  /** Enroll the person even if they match somebody who is already enrolled; false unless given. */
  readonly allowDuplicate?: boolean
  /** Accept photos that differ as much as those of look-alikes, up to what `/verify` lets in; false unless given. */
  readonly allowDifferent?: boolean
}

export interface ListIdentitiesFields {
  /** The `cursor` of the previous answer, unchanged. */
  readonly cursor?: string
  /** How many identities the answer lists at most; 100 unless given. */
  readonly limit?: number
  /** Lists only identities that begin with this. */
  readonly prefix?: string
}

export interface ExportPeopleFields {
  /** The `cursor` of the previous answer, unchanged. */
  readonly cursor?: string
  /** How many people the answer has at most; everybody unless given. */
  readonly limit?: number
}

export interface ImportPeopleFields {
  /** Enroll the person even if they match somebody who is already enrolled; false unless given. */
  readonly allowDuplicate?: boolean
  /** Store the encodings as a second set, next to those of the running network, for people who are enrolled; false unless given. */
  readonly secondModel?: boolean
}

export interface ReencryptPeopleFields {
  /** The `cursor` of the previous answer, unchanged. */
  readonly cursor?: string
  /** How many people this request changes at most; 200 unless given. */
  readonly limit?: number
}

export interface PruneModelsFields {
  /** The `cursor` of the previous answer, unchanged. */
  readonly cursor?: string
  /** How many people this request changes at most; 200 unless given. */
  readonly limit?: number
}
