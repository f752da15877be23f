/** Every endpoint, in the order of the contract: each has a file of its own. */
import type { Endpoint } from './contract/endpoint.ts'
import { challenge, unlock } from './endpoints/challenge.ts'
import { changeDetails } from './endpoints/change-details.ts'
import { comparePhotos } from './endpoints/compare-photos.ts'
import { detectFaces } from './endpoints/detect-faces.ts'
import { encodePhoto } from './endpoints/encode-photo.ts'
import { addImages, putIdentity } from './endpoints/enroll.ts'
import { exportPeople } from './endpoints/export-people.ts'
import { health, jwks } from './endpoints/health.ts'
import { deleteIdentity, getIdentity, listIdentities } from './endpoints/identities.ts'
import { importPeople } from './endpoints/import-people.ts'
import { announcePhoto, drawPoses } from './endpoints/poses.ts'
import { pruneModels } from './endpoints/prune-models.ts'
import { recognize } from './endpoints/recognize.ts'
import { reencryptPeople } from './endpoints/reencrypt-people.ts'
import { getSession, openSession, revokeSession } from './endpoints/sessions.ts'
import { verify } from './endpoints/verify.ts'

export const endpoints: readonly Endpoint[] = [
  openSession,
  getSession,
  revokeSession,
  drawPoses,
  announcePhoto,
  challenge,
  verify,
  recognize,
  comparePhotos,
  detectFaces,
  encodePhoto,
  putIdentity,
  addImages,
  listIdentities,
  getIdentity,
  changeDetails,
  deleteIdentity,
  unlock,
  exportPeople,
  importPeople,
  reencryptPeople,
  pruneModels,
  health,
  jwks,
]
