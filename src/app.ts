/**
 * The HTTP edge. Every request passes: settings -> key -> the endpoint's own steps (fields, store, engine, decision) ->
 * answer -> audit. Every failure ends in one place and leaves as problem+json. The routes are those of
 * api/endpoints.ts.
 */

import { Hono, type HonoRequest } from 'hono'
import { type AuditNotes, audited, auditPeople } from './api/answer/audited.ts'
import { crossOrigin, securityHeaders } from './api/answer/browser-headers.ts'
import { withinBudget } from './api/answer/budgeted.ts'
import { type Detail, hideScores } from './api/answer/hide-scores.ts'
import { problemResponse } from './api/answer/problem.ts'
import { streamLines } from './api/answer/stream-lines.ts'
import type { Answer, Call, Endpoint } from './api/contract/endpoint.ts'
import { describeApi } from './api/contract/openapi.ts'
import { asServed, type OpenApi } from './api/contract/openapi-shape.ts'
import { refuseRoute, toRoutingPath } from './api/contract/routes.ts'
import { healthSeconds } from './api/endpoints/health.ts'
import { endpoints } from './api/endpoints.ts'
import { formatRequestId, requestIdRandomBytes } from './api/request/request-id.ts'
import {
  type CalibrationTable,
  calibrationOf,
  readCalibrationTable,
} from './decision/calibration.ts'
import type { LivenessSettings } from './decision/liveness.ts'
import { createThresholds, type Thresholds } from './decision/thresholds.ts'
import type { FaceEngine } from './engine/face-engine.ts'
import { startWithImages } from './engine/with-images.ts'
import { FaceError } from './errors/face-error.ts'
import { logFailure } from './errors/log-failure.ts'
import { createGallery } from './gallery/create-gallery.ts'
import { createChangeLog } from './gallery/search/change-log.ts'
import type { Gallery } from './gallery/search/gallery.ts'
import { createRecentGallery } from './gallery/search/recent-gallery.ts'
import type { KeepAlive } from './gallery/search/share-load.ts'
import { type Auditor, createAuditor } from './guard/audit.ts'
import {
  authenticate,
  type Credentials,
  type Doorkeeper,
  requireRole,
} from './guard/authenticate.ts'
import { type Budgets, createBudgets } from './guard/budgets.ts'
import { addressHeader, hashClientAddress } from './guard/client-address.ts'
import { createFailureLimit } from './guard/failure-limit.ts'
import { issuerOf, requireEncryption } from './guard/issuer.ts'
import { createKeyRing } from './guard/keys.ts'
import { createPseudonym } from './guard/pseudonym.ts'
import { createReceiptSigner, type ReceiptSigner } from './guard/receipt.ts'
import { createSessionTokens } from './identity/session-token.ts'
import { createStore, type IdentityStore } from './identity/store.ts'
import { createVault } from './identity/vault.ts'
import { keepFor } from './lib/keep-for.ts'
import { startOnce } from './lib/start-once.ts'
import type { EngineKind } from './network/engine-kind.ts'
import { createPersonGuard, type PersonGuard } from './people/claim/person-guard.ts'
import { createSessionDesk, type SessionDesk } from './people/claim/session-desk.ts'
import { identityId } from './people/person-fields.ts'
import { loadSettings } from './settings.ts'
import { createPages } from './site/pages.ts'

const contractPath = '/openapi.json'

export interface AppOptions {
  /** Called at the first request that needs the engine, and again after a failure. */
  readonly loadEngine: (kind: EngineKind) => Promise<FaceEngine>
  /** Rejects when the engine does not encode a known face as it should. */
  readonly checkHealth: (engine: FaceEngine) => Promise<void>
  /** build/kernels/gallery.wasm, compiled. */
  readonly galleryKernel: WebAssembly.Module
  readonly keepAlive?: KeepAlive
  /** How long /verify waits for its admission before it looks at the photo. */
  readonly headStartMs?: number
  /** The encoder that runs, known without starting it; /docs lists its calibrated rates. */
  readonly model?: () => string
  /** The table that ships with the Worker unless given. */
  readonly calibrations?: CalibrationTable
  readonly now?: () => Date
}

type AppEnv = { Bindings: object; Variables: { requestId: string } }

/** The state derived from the settings, kept per isolate. */
interface Wiring {
  readonly door: Doorkeeper
  readonly budgets: Budgets
  /** How much callers of the role `app` are told. */
  readonly toldToApps: Detail
  /** What ISSUER says. */
  readonly configuredIssuer: string | undefined
  readonly audit: Auditor
  /** What an audit line calls an identity by. */
  readonly subjectOf: (identity: string) => string
  readonly guard: PersonGuard
  readonly sessions: SessionDesk
  readonly receipts: ReceiptSigner
  readonly store: IdentityStore
  readonly gallery: Gallery
  readonly recentGallery: Gallery
  readonly isEdge: boolean
  readonly thresholds: Thresholds
  readonly liveness: LivenessSettings
  readonly rivals: boolean
  readonly startEngine: () => Promise<FaceEngine>
}

export function createApp(options: AppOptions): Hono<AppEnv> {
  const { galleryKernel: kernel, keepAlive, headStartMs, now = () => new Date() } = options
  const checkHealth = keepFor(healthSeconds * 1000, () => now().getTime(), options.checkHealth)
  let { calibrations } = options
  const readTable = (): CalibrationTable => (calibrations ??= readCalibrationTable())
  const app = new Hono<AppEnv>()
  /** Of the settings, which are read before anything is started. */
  let engineKind: EngineKind = 'plan'
  const startEngine = startOnce(() => startOrRefuse(() => options.loadEngine(engineKind)))
  const wirings = new WeakMap<object, Wiring>()

  /** Settings are checked at the first request; a fault is not remembered, so that every request names it. */
  async function wire(env: object | undefined): Promise<Wiring> {
    const known = env && wirings.get(env)
    if (known !== undefined) return known
    const settings = loadSettings(env ?? {})
    const { adminKeys, appKeys, identities, persons, directory, templateKeys } = settings
    const pseudonym = createPseudonym(templateKeys[0].bytes)
    engineKind = settings.engine
    // The outcome is kept, not the promise: if the first caller disconnects, the promise would stay pending for everybody.
    const keys = await createKeyRing({ admin: adminKeys, app: appKeys }, pseudonym)
    const vault = await createVault(templateKeys)
    const tokens = await createSessionTokens(templateKeys)
    const bindings = { identities, persons, directory }
    const store = createStore(bindings, vault, now, () => recentGallery.forget())
    const log = createChangeLog(directory, persons, vault)
    const gallery = createGallery(
      settings.index,
      { kv: identities, log, store, vault, kernel },
      { now, keepAlive },
    )
    const recentGallery = createRecentGallery(gallery, { nowMs: () => now().getTime(), keepAlive })
    const wiring = {
      door: {
        keys,
        failures: createFailureLimit(settings.adminFailures),
        openToken: tokens.open,
      },
      budgets: createBudgets(settings.limiters, pseudonym, () => now().getTime()),
      toldToApps: settings.detail,
      configuredIssuer: settings.issuer,
      audit: createAuditor(settings.auditDataset),
      subjectOf: (identity: string) => pseudonym('person', identity),
      guard: createPersonGuard({
        persons,
        store,
        policy: settings.guard,
        now,
        headStartMs,
        keepAlive,
      }),
      sessions: createSessionDesk({ persons, sessions: settings.sessions, tokens, now }),
      receipts: await createReceiptSigner(settings.receiptKeys),
      store,
      gallery,
      recentGallery,
      isEdge: settings.isEdge,
      thresholds: createThresholds(readTable, {
        fmr: settings.fmr,
        uncalibrated: settings.uncalibratedThreshold,
      }),
      liveness: settings.liveness,
      rivals: settings.rivals,
      startEngine: startWithImages(startEngine, settings.images),
    }
    if (env !== undefined) wirings.set(env, wiring)
    return wiring
  }

  app.use(async (c, next) => {
    const random = crypto.getRandomValues(new Uint8Array(requestIdRandomBytes))
    c.set('requestId', formatRequestId(now(), random))
    await next()
    c.header('X-Request-Id', c.var.requestId)
    c.header('Cache-Control', 'no-store')
  })
  app.use(securityHeaders)
  app.use(crossOrigin)

  for (const endpoint of endpoints) {
    app.on(endpoint.method, toRoutingPath(endpoint.path), async (c) => {
      const wiring = await wire(c.env)
      const { door, budgets, audit, subjectOf, toldToApps, configuredIssuer, ...shared } = wiring
      const { requestId } = c.var
      const { role, method, path, takesSession, isFree = false } = endpoint
      const act = `${method.toUpperCase()} ${path}`
      const line = { requestId, act, audit, subjectOf }
      const pathFields = new Map(Object.entries<string>(c.req.param()))
      const isOfPerson = endpoint.pathFields?.shape.id === identityId
      const notes: AuditNotes = {
        caller: null,
        ...(isOfPerson && { identity: pathFields.get('id') }),
      }
      const call: Call = {
        request: c.req.raw,
        requestId,
        pathFields,
        ...shared,
        now: now(),
        clock: now,
        keyId: '',
        isAdmin: false,
        chargeTry: async () => {},
        requireLeft: () => {},
        detail: toldToApps,
        issuer: () => issuerOf(configuredIssuer, c.req.url),
        nameDevice: () => {},
        checkHealth,
        noteIdentity: (identity) => {
          notes.identity = identity
        },
        auditPeople: (outcome, identities) => auditPeople(line, notes, outcome, identities),
      }
      if (role === 'none')
        return toResponse(endpoint, await handle(endpoint, call), requestId, 'everything')
      return await audited(line, notes, async () => {
        requireEncryption(configuredIssuer, c.req.url)
        const caller = await authenticate(await readCredentials(c.req), door, now().getTime())
        notes.caller = caller
        requireRole(caller, role, takesSession)
        const session = caller.role === 'session' ? caller.session : undefined
        if (session?.identity !== undefined) notes.identity = session.identity
        const budget = budgets(caller)
        const isAdmin = caller.role === 'admin'
        // A phone is told the decision alone, whatever the operator tells backends.
        const ofKey = isAdmin ? 'everything' : toldToApps
        const detail = session === undefined ? ofKey : 'decision'
        const ofCaller: Call = {
          ...call,
          keyId: caller.keyId,
          isAdmin,
          ...(session && { session, chargeTry: budget.chargeTry }),
          requireLeft: budget.requireLeft,
          detail,
          nameDevice: budget.nameDevice,
        }
        if (session?.device !== undefined) budget.nameDevice(session.device)
        const photos = session === undefined ? (endpoint.body?.photos.length ?? 1) : 0
        const work = { photos, isGuess: endpoint.usesStore }
        const answer = isFree
          ? await handle(endpoint, ofCaller)
          : await withinBudget(budget, work, () => handle(endpoint, ofCaller))
        return { answer, response: toResponse(endpoint, answer, requestId, detail) }
      })
    })
  }

  let contract: OpenApi | undefined
  const describe = (): OpenApi => (contract ??= asServed(describeApi(endpoints)))
  app.get(contractPath, (c) => c.json(describe()))
  const running = () => {
    const model = options.model?.()
    return model === undefined
      ? undefined
      : { model, calibration: calibrationOf(readTable(), model) }
  }
  const pages = createPages({ endpoints, describe, running })
  for (const page of pages) app.get(page.path, (c) => page.respond(c.req.raw))

  const readable = [contractPath, ...pages.map(({ path }) => path)]
  const routes = [...endpoints, ...readable.map((path) => ({ method: 'get' as const, path }))]
  app.notFound((c) => refuseRoute(routes, c.req.path, c.var.requestId))
  app.onError((error, c) => {
    logFailure(error, c.var.requestId)
    return problemResponse(error, c.var.requestId)
  })
  return app
}

async function readCredentials(request: HonoRequest): Promise<Credentials> {
  return {
    authorization: request.header('authorization') ?? null,
    client: await hashClientAddress(request.header(addressHeader)),
  }
}

async function startOrRefuse(loadEngine: () => Promise<FaceEngine>): Promise<FaceEngine> {
  try {
    return await loadEngine()
  } catch (cause) {
    if (cause instanceof FaceError) throw cause
    throw new FaceError('engine_unavailable', 'The network could not be started.', { cause })
  }
}

/** Hono hands only Errors to the error handler; anything else that is thrown would pass it by. */
async function handle(endpoint: Endpoint, call: Call): Promise<Answer> {
  try {
    return await endpoint.handle(call)
  } catch (thrown) {
    throw thrown instanceof Error ? thrown : new Error(`thrown: ${typeof thrown}`)
  }
}

/** The schema strips what is not announced and refuses what is not finite; that is a fault of ours, so a 500. */
function toResponse(
  { answers, path }: Endpoint,
  { status, headers, body, lines }: Answer,
  requestId: string,
  detail: Detail,
): Response {
  const contract = answers[status]
  if (contract === undefined) throw new Error(`${path} does not announce status ${status}`)
  // Lines pass through their schema where they are made: here they are text already.
  if (contract.line !== undefined && lines !== undefined) return streamLines(lines, requestId)
  if (contract.schema === undefined) return new Response(null, { status, headers })
  const checked = contract.schema.safeParse(body)
  if (checked.success) {
    const told = detail === 'decision' ? hideScores(checked.data) : checked.data
    return Response.json(told, { status, headers })
  }
  const { path: field, message } = checked.error.issues[0]
  throw new Error(`answer of ${path}, ${field.join('.')}: ${message}`)
}
