/**
 * One unlock, as the app sees it: the backend of examples/unlock opens a session, the photo goes straight to facegate with its token, and
 * the backend, which asks facegate itself, opens. No key is in the app.
 */
import { createSessionClient, preparePhoto } from 'facegate-client'
import { rescale } from './rescale'

/** Where examples/unlock listens, as the phone reaches it. */
const backend = process.env.EXPO_PUBLIC_BACKEND ?? 'http://192.168.1.10:8788'
const timeoutMs = 15_000

export interface Unlock {
  /** Resolves to what the backend says when it opens; throws an Error for the person to read. */
  tryPhoto(uri: string): Promise<string>
}

/** Throws an Error, for the person to read, when there is no such person. */
export async function startUnlock(name: string): Promise<Unlock> {
  const { token, facegate } = await askBackend('/api/session', name)
  const session = createSessionClient({
    url: String(facegate),
    token: String(token),
    // Sent again when the network fails: the attempt counts once all the same.
    retry: { attempts: 3 },
    timeoutMs,
    // For trying out in the same network; a deployed service has https.
    allowHttp: __DEV__,
  })
  return {
    async tryPhoto(uri) {
      const image = await preparePhoto({ uri }, { rescale })
      const { decision, hint } = await session.verify({ image })
      if (decision !== 'match') throw new Error(hint ?? `This does not look like ${name}.`)
      const { isOpen, message } = await askBackend('/api/open')
      if (isOpen !== true) throw new Error('It did not open. Go back, and start over.')
      return String(message)
    },
  }
}

async function askBackend(path: string, body?: string): Promise<Record<string, unknown>> {
  const leave = new AbortController()
  const timer = setTimeout(() => leave.abort(), timeoutMs)
  try {
    // React Native keeps the cookie that names the session.
    const init = { method: 'POST', signal: leave.signal, ...(body !== undefined && { body }) }
    const answer = await fetch(backend + path, init)
    const told = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw new Refusal(String(told.hint ?? 'Try again later.'))
    return told
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Error('The app cannot reach its backend. Check the connection and try again.')
  } finally {
    clearTimeout(timer)
  }
}

/** What the backend said no to, in words for the person. */
class Refusal extends Error {}
