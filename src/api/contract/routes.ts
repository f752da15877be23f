/** How a path of the contract (`/admin/identities/{id}`) is routed, and what to answer to an unknown path or method. */
import { FaceError } from '../../errors/face-error.ts'
import { problemResponse } from '../answer/problem.ts'
import type { Endpoint } from './endpoint.ts'

type Route = Pick<Endpoint, 'method' | 'path'>

/** Hono writes a field of a path as `:id`. */
export function toRoutingPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** 405 with the methods that the path does take, or 404 when nothing is there. */
export function refuseRoute(routes: readonly Route[], path: string, requestId: string): Response {
  const methods = methodsOf(routes, path)
  if (methods.length === 0) {
    return problemResponse(new FaceError('not_found', 'Nothing is served at this path.'), requestId)
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

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}
