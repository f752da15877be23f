/**
 * The environment of an isolate -> what requests are served with: the ring of keys, the vault and the store behind it, the galleries, the
 * guard, what signs receipts, the engine that starts at the first photo. Made once, and kept as long as the isolate lives.
 */
import type { Detail } from './api/answer/hide-scores.ts'
import type { CalibrationTable } from './decision/calibration-table.ts'
import type { LivenessSettings } from './decision/liveness.ts'
import { createThresholds, type Thresholds } from './decision/thresholds.ts'
import type { FaceEngine } from './engine/face-engine.ts'
import { startWithImages } from './engine/with-images.ts'
import { FaceError } from './errors/face-error.ts'
import { createGallery } from './gallery/create-gallery.ts'
import { createChangeLog } from './gallery/search/change-log.ts'
import type { Gallery } from './gallery/search/gallery.ts'
import { createRecentGallery, type RecentGallery } from './gallery/search/recent-gallery.ts'
import type { KeepAlive } from './gallery/search/share-load.ts'
import { type Auditor, createAuditor } from './guard/caller/audit.ts'
import type { Doorkeeper } from './guard/caller/authenticate.ts'
import { type Budgets, createBudgets } from './guard/caller/budgets.ts'
import { createFailureLimit } from './guard/caller/failure-limit.ts'
import { createKeyRing } from './guard/caller/keys.ts'
import { createPseudonym } from './guard/caller/pseudonym.ts'
import { createReceiptSigner, type ReceiptSigner } from './guard/receipt.ts'
import { createStore } from './identity/create-store.ts'
import { createSessionTokens } from './identity/session-token.ts'
import type { IdentityStore } from './identity/store.ts'
import { createVault } from './identity/vault.ts'
import { startOnce } from './lib/start-once.ts'
import type { EngineKind } from './network/engine-kind.ts'
import { createPersonGuard, type PersonGuard } from './people/claim/person-guard.ts'
import { createSessionDesk, type SessionDesk } from './people/claim/session-desk.ts'
import { loadSettings } from './settings/settings.ts'

export interface WiringOptions {
  /** Called at the first request that needs the engine, and again after a failure. */
  readonly loadEngine: (kind: EngineKind) => Promise<FaceEngine>
  /** build/kernels/gallery.wasm, compiled. */
  readonly galleryKernel: WebAssembly.Module
  readonly keepAlive?: KeepAlive
  /** How long /verify waits for its admission before it looks at the photo. */
  readonly headStartMs?: number
  readonly readTable: () => CalibrationTable
  /** Of an encoding of the network that runs, as a vector. */
  readonly encodingNorm?: () => number
  readonly now: () => Date
}

/** The state derived from the settings, kept per isolate. */
export interface Wiring {
  readonly door: Doorkeeper
  readonly budgets: Budgets
  /** How much callers of the role `app` see. */
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
  readonly recentGallery: RecentGallery
  readonly isEdge: boolean
  readonly thresholds: Thresholds
  readonly liveness: LivenessSettings
  readonly rivals: boolean
  readonly startEngine: () => Promise<FaceEngine>
}

/** For each environment once. Throws `not_configured` with every setting at fault named, at every request until they are right. */
export function createWiring(options: WiringOptions): (env: object | undefined) => Promise<Wiring> {
  const { galleryKernel: kernel, keepAlive, headStartMs, readTable, encodingNorm, now } = options
  /** Of the settings, which are read before anything is started. */
  let engineKind: EngineKind = 'plan'
  const startEngine = startOnce(() => startOrRefuse(() => options.loadEngine(engineKind)))
  const wirings = new WeakMap<object, Wiring>()
  /** Settings are checked at the first request; a fault is not remembered, so that every request names it. */
  return async function wire(env: object | undefined): Promise<Wiring> {
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
      sessions: createSessionDesk({
        persons,
        sessions: settings.sessions,
        tokens,
        policy: settings.guard.lockout,
        pseudonym,
        now,
      }),
      receipts: await createReceiptSigner(settings.receiptKeys),
      store,
      gallery,
      recentGallery,
      isEdge: settings.isEdge,
      thresholds: createThresholds(readTable, {
        fmr: settings.fmr,
        uncalibrated: settings.uncalibratedThreshold,
        norm: encodingNorm?.(),
      }),
      liveness: settings.liveness,
      rivals: settings.rivals,
      startEngine: startWithImages(startEngine, settings.images),
    }
    if (env !== undefined) wirings.set(env, wiring)
    return wiring
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
