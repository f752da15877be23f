/**
 * The HTTP edge: a route for each endpoint of api/endpoints.ts, the contract and the pages, and one place where every failure ends and
 * leaves as problem+json.
 */
import { Hono } from 'hono'
import { crossOrigin, securityHeaders } from './api/answer/browser-headers.ts'
import { problemResponse } from './api/answer/problem.ts'
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
} from './decision/calibration-table.ts'
import type { FaceEngine } from './engine/face-engine.ts'
import { logFailure } from './errors/log-failure.ts'
import { keepFor } from './lib/keep-for.ts'
import { serveEndpoint } from './serve-endpoint.ts'
import { createPages } from './site/pages.ts'
import { createWiring, type WiringOptions } from './wiring.ts'

const contractPath = '/openapi.json'

export interface AppOptions extends Omit<WiringOptions, 'readTable' | 'now'> {
  /** Rejects when the engine does not encode a known face as it should. */
  readonly checkHealth: (engine: FaceEngine) => Promise<void>
  /** The encoder that runs, known without starting it; /docs lists its calibrated rates. */
  readonly model?: () => string
  /** The table that ships with the Worker unless given. */
  readonly calibrations?: CalibrationTable
  readonly now?: () => Date
}

type AppEnv = { Bindings: object; Variables: { requestId: string } }

export function createApp(options: AppOptions): Hono<AppEnv> {
  const { now = () => new Date() } = options
  const checkHealth = keepFor(healthSeconds * 1000, () => now().getTime(), options.checkHealth)
  let { calibrations } = options
  const readTable = (): CalibrationTable => (calibrations ??= readCalibrationTable())
  const app = new Hono<AppEnv>()
  const wire = createWiring({ ...options, readTable, now })

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
      const { requestId } = c.var
      return await serveEndpoint(endpoint, c.req, { wiring, requestId, now, checkHealth })
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
