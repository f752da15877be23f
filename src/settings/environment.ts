/**
 * Every variable, secret and binding that the Worker reads: its meaning, its valid values, and which exclude each other. A row here is a
 * line of docs/deploy.md. Pure.
 */
import { z } from 'zod'
import { details } from '../api/answer/hide-scores.ts'
import { livenessPolicies } from '../decision/liveness.ts'
import { indexKinds } from '../gallery/index-choice.ts'
import { mayBeIssuer } from '../guard/issuer.ts'
import { guardVars, isOrigin, trueOrFalse } from '../guard/policy.ts'
import { poseTellings } from '../guard/session.ts'
import type { DirectoryObject } from '../identity/directory/directory-object.ts'
import type { PersonObject } from '../identity/objects/person-object.ts'
import type { SessionObject } from '../identity/objects/session-object.ts'
import { jurisdictions, locations } from '../identity/reach/place-objects.ts'
import { livenessLevels } from '../liveness/judge-frames.ts'
import { engines } from '../network/engine-kind.ts'
import {
  areUnique,
  bound,
  distance,
  idsOf,
  liveKeys,
  rate,
  receiptKeys,
  score,
  shareKey,
  templateKeys,
} from './setting-values.ts'

/** Everything the Worker reads from its environment; docs/deploy.md lists it. */
export const environment = z
  .object({
    IDENTITIES: bound<KVNamespace>('a KV namespace', 'get', 'list').describe(
      'KV namespace: copies of sealed records for reading.',
    ),
    PERSON: bound<DurableObjectNamespace<PersonObject>>(
      'the Durable Object PersonObject',
      'idFromName',
    ).describe('Durable Objects: one per person, the source of truth.'),
    DIRECTORY: bound<DurableObjectNamespace<DirectoryObject>>(
      'the Durable Object DirectoryObject',
      'idFromName',
    ).describe('Durable Objects: eight in all, the list of everybody.'),
    SESSION: bound<DurableObjectNamespace<SessionObject>>(
      'the Durable Object SessionObject',
      'idFromName',
    ).describe('Durable Objects: one per session for nobody in particular.'),
    TEMPLATE_KEYS: templateKeys.describe(
      'Secret: what encrypts stored people, as `id:base64` of 32 random bytes each, separated by commas; the first encrypts, all decrypt.',
    ),
    ADMIN_KEY: liveKeys.describe(
      'Secret: live keys of the role `admin`, as `id:key` each, separated by commas; the id names the key in the log.',
    ),
    APP_KEY: liveKeys.describe(
      'Secret: live keys of the role `app`, as `id:key` each, separated by commas; the id names the key in the log, and is the `aud` of its receipts.',
    ),
    RECEIPT_KEYS: receiptKeys.describe(
      'Secret: what signs receipts, as `id:PKCS #8 in base64` (Ed25519) each, separated by commas; the first signs, all are published.',
    ),
    ADMIN_FAILURES: bound<RateLimit>('a rate limiter', 'limit').describe(
      'Rate limiter: failed authentications by client address.',
    ),
    KEY_WORK: bound<RateLimit>('a rate limiter', 'limit').describe(
      'Rate limiter: photos by key of the role `app`.',
    ),
    KEY_FAILURES: bound<RateLimit>('a rate limiter', 'limit').describe(
      'Rate limiter: failed attempts by key of the role `app`, at anybody.',
    ),
    DEVICE_FAILURES: bound<RateLimit>('a rate limiter', 'limit').describe(
      'Rate limiter: failed attempts by `device`, where requests name one.',
    ),
    AUDIT: bound<AnalyticsEngineDataset>('an Analytics Engine data set', 'writeDataPoint')
      .optional()
      .describe('Analytics Engine data set: a second home for audit lines; optional.'),
    IMAGES: bound<ImagesBinding>('Cloudflare Images', 'input')
      .optional()
      .describe(
        'Cloudflare Images: decodes, outside the Worker, photos that the Worker cannot, such as HEIC; optional.',
      ),
    ISSUER: z
      .string()
      .refine(isOrigin, {
        error: 'must be an address such as https://facegate.example.com',
        abort: true,
      })
      .refine(mayBeIssuer, {
        error: 'must be https, except on a local machine: keys would be readable on their way',
      })
      .optional()
      .describe(
        'The address of this Worker, which is the `iss` of its receipts, without a final slash; required except on a local machine.',
      ),
    FMR: rate
      .optional()
      .describe(
        'False-match rate to decide at, a calibrated one; 0.001 or 0.0001 unless given, as the calibration of the encoder says. A caller may ask for a stricter one, never for a laxer.',
      ),
    DETAIL: z
      .enum(details, { error: `must be one of ${details.join(', ')}` })
      .default('decision')
      .describe(
        'What keys of the role `app` get: the `decision`, or the `scores` too, which help an attacker improve a photo until it matches. For integrating only.',
      ),
    RIVALS: trueOrFalse()
      .default(true)
      .describe(
        'Whether `/verify` looks at the others enrolled: a face clearly nearer to one of them does not match, and the threshold is stricter where they crowd it.',
      ),
    UNCALIBRATED: distance
      .optional()
      .describe(
        'Distance that decides for weights that nobody calibrated, less than that of faces with nothing in common; without it they decide nothing.',
      ),
    LIVENESS: z
      .enum(livenessPolicies, { error: 'must be off, advise, require or active' })
      .default('off')
      .describe(
        'What is done about faces that may not be live: `off`; `advise` or `require`, by the score of single photos; or `active`: only sessions with poses match.',
      ),
    LIVENESS_THRESHOLD: score
      .optional()
      .describe('Least score that counts as live; that of the networks unless set.'),
    LIVENESS_POSES: z
      .enum(poseTellings, { error: `must be ${poseTellings.join(' or ')}` })
      .default('at_once')
      .describe(
        'How phones learn the poses of a session: `at_once`, or `one_by_one`, each with its own time, after the photo of the one before is announced.',
      ),
    LIVENESS_LEVEL: z
      .enum(livenessLevels, { error: `must be ${livenessLevels.join(' or ')}` })
      .default('relief')
      .describe('What the photos of poses have to show: `relief`, or `one_take`.'),
    INDEX: z
      .enum(indexKinds, { error: `must be one of ${indexKinds.join(', ')}` })
      .default('kv')
      .describe(
        'Index that `/recognize` searches: `kv` to 10,000 people, `packed` to 200,000, `vectorize` beyond.',
      ),
    CONSISTENCY: z
      .enum(['strict', 'edge'], { error: 'must be strict or edge' })
      .default('strict')
      .describe(
        'What decisions rest on: with `strict` the object of the person; with `edge` only the copy in KV, without lockouts, and a deleted person matches for up to a minute more.',
      ),
    JURISDICTION: z
      .enum(jurisdictions, { error: `must be one of ${jurisdictions.join(', ')}` })
      .optional()
      .describe(
        'Where Durable Objects run and store: `eu`, `us` or `fedramp`. Set it before the first person is enrolled: with another one nobody is found. Copies in KV have no jurisdiction.',
      ),
    LOCATION: z
      .enum(locations, { error: `must be one of ${locations.join(', ')}` })
      .optional()
      .describe(
        'A hint where new Durable Objects should live; unless set, near where a person is enrolled.',
      ),
    ENGINE: z
      .enum(engines, { error: `must be one of ${engines.join(', ')}` })
      .default('plan')
      .describe(
        'What runs the networks: `plan`, our own kernels, or `stock`, tfjs operations one by one.',
      ),
    VECTORIZE: bound<Vectorize>('a Vectorize index', 'query', 'upsert')
      .optional()
      .describe('Vectorize index, for `INDEX=vectorize`; optional.'),
    ...guardVars,
  })
  // A key with both roles would make every caller an administrator.
  .refine((env) => !shareKey(env.APP_KEY, env.ADMIN_KEY), {
    path: ['APP_KEY'],
    error: 'has a key in common with ADMIN_KEY',
  })
  // Two keys of one id could not be told apart where the log and receipts name them.
  .refine((env) => areUnique(idsOf([...env.ADMIN_KEY, ...env.APP_KEY])), {
    path: ['APP_KEY'],
    error: 'or ADMIN_KEY has two keys of one id',
  })
  .refine((env) => env.LOCKOUT_MAX_SECONDS >= env.LOCKOUT_SECONDS, {
    path: ['LOCKOUT_MAX_SECONDS'],
    error: 'must not be less than LOCKOUT_SECONDS',
  })
  .refine((env) => env.CONSISTENCY !== 'edge' || !env.REQUIRE_CHALLENGE, {
    path: ['CONSISTENCY'],
    error:
      'must not be edge with REQUIRE_CHALLENGE: a challenge is spent in the object of the person',
  })
  .refine((env) => env.INDEX !== 'vectorize' || env.VECTORIZE !== undefined, {
    path: ['VECTORIZE'],
    error: 'is not bound to a Vectorize index, which INDEX asks for',
  })
