/** The limits that callers can meet, read from where they are enforced. */

import { bodyTimeoutMs, stallTimeoutMs } from '../../src/api/request/body/body-pieces.ts'
import { maxCandidates } from '../../src/api/request/fields.ts'
import { maxJsonDepth, maxJsonValues } from '../../src/api/request/json/json-shape.ts'
import {
  maxEnrollmentBytes,
  maxJsonBytes,
  maxJsonPhotosBytes,
  maxPhotos,
} from '../../src/api/request/limits.ts'
import { maxParts } from '../../src/api/request/multipart.ts'
import { maxQueryFields } from '../../src/api/request/parse-fields.ts'
import { blockingSide, comparableSide, crowdOf } from '../../src/face/choose-face.ts'
import { qualityRules } from '../../src/gate/quality-rules.ts'
import { maxGivenBack } from '../../src/guard/attempts.ts'
import { maxOutstanding } from '../../src/guard/challenge.ts'
import { receiptSeconds } from '../../src/guard/receipt.ts'
import {
  fairShare,
  keptAfterMs,
  lifeLimits,
  maxSessions,
  tryLimits,
} from '../../src/guard/session.ts'
import { maxEncodings } from '../../src/identity/record.ts'
import {
  maxDecoderBytes,
  maxJpegPixels,
  maxJpegScans,
  maxJpegSegments,
  maxPhotoBytes,
  maxPhotoSide,
  maxPngChunks,
  maxUnscaledPixels,
  maxWebpChunks,
} from '../../src/image/limits.ts'
import { grouped } from '../../src/lib/count-of.ts'
import { maxLineBytes, maxLineDepth } from '../../src/people/lines/parse-people-line.ts'
import { toTable } from '../front/markdown-table.ts'

export function describeLimits(): string {
  return toTable([
    ['what', 'limit'],
    ['a photo', mebibytes(maxPhotoBytes)],
    [
      'photos of one enrollment',
      `${maxPhotos}; ${mebibytes(maxEnrollmentBytes)} together, ${mebibytes(maxJsonPhotosBytes)} in JSON`,
    ],
    ['a JPEG', `${grouped(maxJpegPixels)} pixels`],
    ['a PNG or a WebP', `${grouped(maxUnscaledPixels)} pixels`],
    ['decoding a photo', `${mebibytes(maxDecoderBytes)} of memory`],
    ['longer side of a photo', `${grouped(maxPhotoSide)} pixels`],
    [
      'scans and segments of a JPEG, chunks of a PNG and a WebP',
      `${maxJpegScans} and ${grouped(maxJpegSegments)}, ${grouped(maxPngChunks)} and ${grouped(maxWebpChunks)}`,
    ],
    ['width of a face to compare; to enroll', `${faceSizes()} pixels or more`],
    [
      'a second face that blocks a photo to compare; to enroll',
      `${blockingSide.toFixed(2)}; ${comparableSide} times as wide as the main face, or wider`,
    ],
    [
      'faces of a crowd to compare or to enroll; at `/detect`',
      `${crowdOf.main}; ${crowdOf.all}, and of those left over the widest and the most central`,
    ],
    ['encodings of a person', `${maxEncodings}`],
    ['candidates in an answer', `${maxCandidates}`],
    [
      'photos that cannot be compared',
      `${maxGivenBack} in a row before one counts as a failed attempt`,
    ],
    [
      'challenges of one person',
      `${maxOutstanding} outstanding for one key; a new one replaces its oldest`,
    ],
    [
      'sessions of one person',
      `${maxSessions} of one key; a new one replaces one that is over, else one of a device that has more than ${fairShare} with it, else one that nobody has tried`,
    ],
    [
      'tries and duration of a session',
      `1 to ${tryLimits.most}, ${tryLimits.usual} unless given; ${lifeLimits.most / 60} minutes at most, ${lifeLimits.usual / 60} unless given`,
    ],
    ['a session after its end', `readable for ${keptAfterMs / 60_000} minutes, then deleted`],
    ['validity of a receipt', `${receiptSeconds} seconds`],
    ['a JSON body without photos', `${maxJsonBytes / 1024} KiB`],
    ['JSON', `${maxJsonDepth} levels, ${maxJsonValues} values, each name once`],
    ['parts of a form; fields of a query string', `${maxParts}; ${maxQueryFields}`],
    ['a line of an import', `${maxLineBytes / 1024} KiB, ${maxLineDepth} levels`],
    ['a body that stops arriving', `given up after ${stallTimeoutMs / 1000} seconds`],
    ['a body as a whole', `given up after ${bodyTimeoutMs / 1000} seconds`],
    ['name of a `device`', '1 to 128 characters'],
  ])
}

function faceSizes(): string {
  const rule = qualityRules.find(({ measure }) => measure === 'faceSize')
  if (rule === undefined || !('probe' in rule.passes)) throw new Error('no rule for faceSize')
  return `${rule.passes.probe[0]}; ${rule.passes.enrollment[0]}`
}

function mebibytes(bytes: number): string {
  return `${bytes / 1024 ** 2} MiB`
}
