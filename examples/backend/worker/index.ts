/**
 * A Worker that asks facegate by a service binding: no key, no public route between them, no network either. It takes the photo itself;
 * a phone with a session works too (`env.FACEGATE.openSession`).
 */
import type { FacegateBinding } from 'facegate-client'

interface Env {
  readonly FACEGATE: FacegateBinding
}

export default {
  /** POST /unlock/{user} with a photo as the body. */
  async fetch(request: Request, { FACEGATE }: Env): Promise<Response> {
    const [, user] = /^\/unlock\/([\w.-]+)$/.exec(new URL(request.url).pathname) ?? []
    if (request.method !== 'POST' || user === undefined) {
      return Response.json({ hint: 'There is no such page.' }, { status: 404 })
    }
    const told = await FACEGATE.verify(user, await request.arrayBuffer())
    if (told.ok) return Response.json({ isOpen: told.answer.decision === 'match' })
    const { code, hint, status = 502 } = told.failure
    return Response.json({ code, hint }, { status })
  },
}
