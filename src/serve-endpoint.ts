/**
 * One call of one endpoint: key -> budget -> the endpoint's own steps (fields, store, engine, decision) -> audit -> answer, from which
 * scores are removed that the caller must not see.
 */
import type { HonoRequest } from 'hono'
import { type AuditNotes, audited, auditPeople } from './api/answer/audited.ts'
import { withinBudget } from './api/answer/budgeted.ts'
import { type Detail, hideScores } from './api/answer/hide-scores.ts'
import { streamLines } from './api/answer/stream-lines.ts'
import type { Answer, Call, Endpoint } from './api/contract/endpoint.ts'
import { releasePhotos } from './api/request/read-photo-request.ts'
import type { FaceEngine } from './engine/face-engine.ts'
import { authenticate, type Credentials, requireRole } from './guard/caller/authenticate.ts'
import { addressHeader, hashClientAddress } from './guard/caller/client-address.ts'
import { issuerOf, requireEncryption } from './guard/issuer.ts'
import { identityId } from './people/person-fields.ts'
import type { Wiring } from './wiring.ts'

export interface Serving {
  readonly wiring: Wiring
  readonly requestId: string
  readonly now: () => Date
  readonly checkHealth: (engine: FaceEngine) => Promise<void>
}

/** Throws what becomes an answer of problem+json. */
export async function serveEndpoint(
  endpoint: Endpoint,
  request: HonoRequest,
  { wiring, requestId, now, checkHealth }: Serving,
): Promise<Response> {
  const { door, budgets, audit, subjectOf, toldToApps, configuredIssuer, ...shared } = wiring
  const { role, method, path, takesSession, isFree = false } = endpoint
  const act = `${method.toUpperCase()} ${path}`
  const line = { requestId, act, audit, subjectOf }
  const pathFields = new Map(Object.entries<string>(request.param()))
  const isOfPerson = endpoint.pathFields?.shape.id === identityId
  const notes: AuditNotes = {
    caller: null,
    ...(isOfPerson && { identity: pathFields.get('id') }),
  }
  const call: Call = {
    request: request.raw,
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
    issuer: () => issuerOf(configuredIssuer, request.url),
    nameDevice: () => {},
    nameIdentity: () => {},
    checkHealth,
    noteIdentity: (identity) => {
      notes.identity = identity
    },
    auditPeople: (outcome, identities) => auditPeople(line, notes, outcome, identities),
  }
  if (role === 'none')
    return toResponse(endpoint, await handle(endpoint, call), requestId, 'everything')
  return await audited(line, notes, async () => {
    requireEncryption(configuredIssuer, request.url)
    const caller = await authenticate(await readCredentials(request), door, now().getTime())
    notes.caller = caller
    requireRole(caller, role, takesSession)
    const session = caller.role === 'session' ? caller.session : undefined
    if (session?.identity !== undefined) notes.identity = session.identity
    const budget = budgets(caller)
    const isAdmin = caller.role === 'admin'
    // A phone gets only the decision, whatever DETAIL gives to backends.
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
      nameIdentity(identity) {
        call.noteIdentity(identity)
        budget.nameIdentity()
      },
    }
    if (session?.device !== undefined) budget.nameDevice(session.device)
    const photos = session === undefined ? (endpoint.body?.photos.length ?? 1) : 0
    const work = { photos, isGuess: endpoint.usesStore }
    const answer = isFree
      ? await handle(endpoint, ofCaller)
      : await withinBudget(budget, work, () => handle(endpoint, ofCaller))
    return { answer, response: toResponse(endpoint, answer, requestId, detail) }
  })
}

async function readCredentials(request: HonoRequest): Promise<Credentials> {
  return {
    authorization: request.header('authorization') ?? null,
    client: await hashClientAddress(request.header(addressHeader)),
  }
}

/** Hono hands only Errors to the error handler; anything else that is thrown would pass it by. */
async function handle(endpoint: Endpoint, call: Call): Promise<Answer> {
  try {
    return await endpoint.handle(call)
  } catch (thrown) {
    throw thrown instanceof Error ? thrown : new Error(`thrown: ${typeof thrown}`)
  } finally {
    releasePhotos(call.request)
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
