/** How a path of the contract (`/admin/identities/{id}`) is routed, and what to answer to an unknown path or method. */
import { FaceError } from '../../errors/face-error.ts'
import { problemResponse } from '../answer/problem.ts'
import type { Endpoint } from './endpoint.ts'

type Route = Pick<Endpoint, 'method' | 'path'>

/** Hono writes a field of a path as `:id`. */
export function toRoutingPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** 405 with the methods that the path does take, or 404 when nothing is there, with the path that was probably meant. */
export function refuseRoute(routes: readonly Route[], path: string, requestId: string): Response {
  const methods = methodsOf(routes, path)
  if (methods.length === 0) {
    const meant = pathMeant(routes, path) ?? 'one of those that /docs lists'
    const detail = `Nothing is served at this path, expected ${meant}.`
    return problemResponse(new FaceError('not_found', detail), requestId)
  }
  const allow = methods.join(', ')
  const error = new FaceError('method_not_allowed', `This path takes ${allow}.`)
  const response = problemResponse(error, requestId)
  response.headers.set('Allow', allow)
  return response
}

function methodsOf(routes: readonly Route[], path: string): string[] {
  const methods = routes
    .filter((route) => toPattern(route.path).test(path))
    .map((route) => route.method.toUpperCase())
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

/** The path that the request would have but for slashes, capitals, or a prefix such as `/api/v1` before it. */
function pathMeant(routes: readonly Route[], path: string): string | undefined {
  const bare = path
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .replace(/^(\/api)?(\/v\d+)?(?=\/)/i, '')
  return routes.find((route) => toPattern(route.path, 'i').test(bare))?.path
}

function toPattern(path: string, flags?: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`, flags)
}
