/**
 * The requests whose answers /docs shows, in the order in which they are sent: one day with the sample people. Those without a
 * title only set the stage. Data.
 */
import type { SampleCall } from '../../src/site/recordings.ts'

export interface StagedCall extends Omit<SampleCall, 'title'> {
  readonly title?: string
  /** How often it is sent; once unless given. */
  readonly times?: number
}

export const sampleCalls: readonly StagedCall[] = [
  { operationId: 'health', title: 'The service with the sample people' },
  { operationId: 'publicKeys', title: 'One key' },

  // People come.
  {
    operationId: 'enroll',
    title: 'A new person',
    id: 'eve',
    fields: { name: 'Eve' },
    photos: { image: ['eve.jpg'] },
  },
  {
    operationId: 'enroll',
    title: 'Replaced, and to be deleted at a date',
    id: 'eve',
    fields: { name: 'Eve', expiresAt: '2099-12-31T12:00:00Z' },
    photos: { image: ['eve.jpg'] },
  },
  { operationId: 'enroll', id: 'ada', photos: { image: ['ada.jpg'] } },
  { operationId: 'enroll', id: 'bea', photos: { image: ['bea.jpg'] } },
  {
    operationId: 'enroll',
    title: 'Photos of two people',
    id: 'cleo',
    photos: { image: ['cleo.jpg', 'dora.jpg'] },
  },
  {
    operationId: 'enroll',
    title: 'Somebody who is enrolled already',
    id: 'evelyn',
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'enroll',
    title: 'A version that is not the current one',
    id: 'eve',
    headers: { 'If-Match': '"7"' },
    photos: { image: ['eve.jpg'] },
  },

  // A phone is let in: its requests set the stage, since they are those of any caller.
  {
    operationId: 'openSession',
    title: 'For a photo of eve',
    fields: { identity: 'eve', purpose: 'unlock' },
  },
  { operationId: 'verify', key: 'TOKEN', photos: { image: ['probe-eve.jpg'] } },
  {
    operationId: 'verify',
    title: 'A token whose session has matched already',
    key: 'TOKEN',
    photos: { image: ['probe-eve.jpg'] },
  },
  { operationId: 'getSession', title: 'A photo of eve matched', id: '$SESSION' },
  { operationId: 'revokeSession', title: 'Revoked', id: '$SESSION' },
  { operationId: 'getSession', title: 'One that was revoked', id: '$SESSION' },
  {
    operationId: 'openSession',
    title: 'With poses',
    fields: { identity: 'eve', purpose: 'unlock', liveness: 'active' },
  },
  { operationId: 'drawPoses', title: 'Ahead, and two or three others', key: 'TOKEN' },
  {
    operationId: 'verify',
    title: 'One photo where several are asked for',
    key: 'TOKEN',
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'openSession',
    title: 'With poses that are told one by one',
    fields: { identity: 'eve', liveness: 'active', poses: 'one_by_one' },
  },
  { operationId: 'drawPoses', title: 'The first of several', key: 'TOKEN' },
  {
    operationId: 'announcePhoto',
    title: 'A photo of the first pose',
    key: 'TOKEN',
    fields: { photoSha256: '0'.repeat(64) },
  },

  // Is it them?
  { operationId: 'challenge', title: 'A challenge for eve', fields: { identity: 'eve' } },
  {
    operationId: 'verify',
    title: 'another photo of eve',
    fields: { identity: 'eve' },
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'a photo of somebody else, as base64 in JSON, with a key of the role admin',
    // Which sees how near the face came.
    key: 'ADMIN_KEY',
    as: 'json',
    fields: { identity: 'eve', fmr: 0.0001 },
    photos: { image: ['ada.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'A photo without a face',
    fields: { identity: 'eve' },
    photos: { image: ['wall.png'] },
  },
  {
    operationId: 'verify',
    title: 'A face that looks to the side',
    fields: { identity: 'eve' },
    photos: { image: ['profile.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'A rate that the service does not take',
    fields: { identity: 'eve', fmr: 0.02 },
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'Half of a photo',
    fields: { identity: 'eve' },
    photos: { image: ['half.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'A photo as an iPhone keeps it',
    fields: { identity: 'eve' },
    photos: { image: ['photo.heic'] },
  },
  { operationId: 'verify', title: 'No photo', fields: { identity: 'eve' } },
  {
    operationId: 'verify',
    title: 'Nobody of this name',
    fields: { identity: 'zoe' },
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'A challenge that nobody gave',
    fields: { identity: 'eve', challenge: 'made-up' },
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'verify',
    times: 5,
    fields: { identity: 'ada' },
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'The sixth attempt after five failures',
    fields: { identity: 'ada' },
    photos: { image: ['ada.jpg'] },
  },
  {
    operationId: 'verify',
    title: 'A wrong key',
    key: 'WRONG_KEY',
    fields: { identity: 'eve' },
    photos: { image: ['probe-eve.jpg'] },
  },

  // Who is it?
  {
    operationId: 'recognize',
    title: 'a photo of eve, who is enrolled',
    photos: { image: ['probe-eve.jpg'] },
  },
  {
    operationId: 'recognize',
    title: 'a photo of fay, who is not enrolled, sent as the body itself',
    as: 'photo',
    fields: { limit: 3 },
    photos: { image: ['fay.jpg'] },
  },
  {
    operationId: 'enroll',
    id: 'eve-twin',
    fields: { allowDuplicate: true },
    photos: { image: ['eve.jpg'] },
  },
  {
    operationId: 'recognize',
    title: 'eve is enrolled under two identities',
    photos: { image: ['probe-eve.jpg'] },
  },

  // Without anybody enrolled.
  {
    operationId: 'compare',
    title: 'two photos of eve',
    photos: { left: ['eve.jpg'], right: ['probe-eve.jpg'] },
  },
  {
    operationId: 'compare',
    title: 'photos of two people',
    as: 'json',
    fields: { fmr: 0.0001 },
    photos: { left: ['ada.jpg'], right: ['eve.jpg'] },
  },
  { operationId: 'detect', title: 'One face', photos: { image: ['probe-eve.jpg'] } },
  { operationId: 'detect', title: 'No face', photos: { image: ['wall.png'] } },
  { operationId: 'encode', title: 'An encoding', photos: { image: ['probe-eve.jpg'] } },
  {
    operationId: 'encode',
    title: 'A key without the role',
    key: 'APP_KEY',
    photos: { image: ['probe-eve.jpg'] },
  },

  // Looking after people.
  { operationId: 'unlockIdentity', title: 'Unlocked', id: 'ada' },
  { operationId: 'deleteIdentity', id: 'eve-twin' },
  {
    operationId: 'addImages',
    title: 'One more photo',
    id: 'eve',
    photos: { image: ['probe-eve.jpg'] },
  },
  { operationId: 'listIdentities', title: 'The first page', fields: { limit: 2 } },
  { operationId: 'getIdentity', title: 'eve', id: 'eve' },
  { operationId: 'getIdentity', title: 'Nobody of this name', id: 'zoe' },
  {
    operationId: 'updateIdentity',
    title: 'Renamed, and to be kept',
    id: 'eve',
    fields: { name: 'Eve Adams', expiresAt: null },
  },
  { operationId: 'exportPeople', title: 'The first two people', fields: { limit: 2 } },
  { operationId: 'deleteIdentity', title: 'Deleted', id: 'ada' },
  { operationId: 'importPeople', title: 'What was exported before ada was deleted' },
  { operationId: 'reencryptPeople', title: 'Everybody has the current key' },
  { operationId: 'pruneModels', title: 'Nobody has encodings of another network' },
]
