/**
 * A Worker at some place on earth. The bundle behind it sees KV late or as it was, and the objects far away, as the binding
 * WEATHER says at the beginning of each request. Runs in workerd, where src/index.ts is what wrangler made of it (places.ts).
 */
import worker from '../../../src/index.ts'

/** What a place sees of the rest of the world. */
export interface Weather {
  /** Before each answer of KV. */
  readonly kvDelayMs: number
  /** Whether KV shows what the namespace STALE holds. */
  readonly isKvStale: boolean
  /** Before and after each call of an object. */
  readonly objectDelayMs: number
}

interface PlaceEnv extends Cloudflare.Env {
  readonly WEATHER: Fetcher
  readonly STALE: KVNamespace
}

type Method = (...given: unknown[]) => unknown

let weather: Weather
/** One for the whole isolate, since the Worker keeps by it what it knows. */
let seen: Cloudflare.Env | undefined

function lateKv({ IDENTITIES, STALE }: PlaceEnv): KVNamespace {
  return new Proxy(IDENTITIES, {
    get(real, name) {
      const isRead = name === 'get' || name === 'list'
      const call: unknown = Reflect.get(real, name, real)
      if (typeof call !== 'function') return call
      return async (...given: unknown[]) => {
        await scheduler.wait(weather.kvDelayMs)
        const shown = isRead && weather.isKvStale ? STALE : real
        return (Reflect.get(shown, name, shown) as Method).apply(shown, given)
      }
    },
  })
}

function farObjects<Objects extends Rpc.DurableObjectBranded>(
  real: DurableObjectNamespace<Objects>,
): DurableObjectNamespace<Objects> {
  return new Proxy(real, {
    get(target, name) {
      if (name === 'getByName') return (id: string) => farStub(target.getByName(id))
      if (name === 'get') return (id: DurableObjectId) => farStub(target.get(id))
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function farStub<Stub extends object>(stub: Stub): Stub {
  return new Proxy(stub, {
    get(target, name) {
      // A method of the far side has neither apply nor bind: it would be called there.
      const call = Reflect.get(target, name, target) as Method
      return async (...given: unknown[]) => {
        await scheduler.wait(weather.objectDelayMs)
        const result = await call(...given)
        await scheduler.wait(weather.objectDelayMs)
        return result
      }
    },
  })
}

export default {
  async fetch(request, env, context) {
    weather = await (await env.WEATHER.fetch('http://weather')).json<Weather>()
    seen ??= {
      ...env,
      IDENTITIES: lateKv(env),
      PERSON: farObjects(env.PERSON),
      DIRECTORY: farObjects(env.DIRECTORY),
      SESSION: farObjects(env.SESSION),
    }
    return await worker.fetch(request, seen, context)
  },
} satisfies ExportedHandler<PlaceEnv>
