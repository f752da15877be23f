/** The real bindings, with every call of an object, of KV and of a limiter noted, and objects as far away as a test likes. */
import { env } from 'cloudflare:workers'

export interface WatchedBindings {
  readonly bindings: object
  /** Those since the last call of this, in order, as `PERSON.begin` or `KV.get`. */
  takeCalls(): string[]
  /** How long each call of an object takes from now on. */
  setDelay(milliseconds: number): void
}

type Method = (...given: unknown[]) => unknown

export function watchedBindings(more: object = {}): WatchedBindings {
  let calls: string[] = []
  let delayMs = 0

  function noted(target: object, label: string, isFar: boolean): object {
    return new Proxy(target, {
      get(real, name) {
        const value: unknown = Reflect.get(real, name, real)
        // A method of a far side has neither apply nor bind: it would be called there.
        if (typeof value !== 'function') return value
        const call = value as Method
        return async (...given: unknown[]) => {
          calls.push(`${label}.${String(name)}`)
          if (isFar) await scheduler.wait(delayMs / 2)
          const result = await (isFar ? call(...given) : Reflect.apply(call, real, given))
          if (isFar) await scheduler.wait(delayMs / 2)
          return result
        }
      },
    })
  }

  function objects(label: string, namespace: object): object {
    return new Proxy(namespace, {
      get(real, name) {
        const value: unknown = Reflect.get(real, name, real)
        if (typeof value !== 'function') return value
        if (name !== 'getByName' && name !== 'get') return value.bind(real)
        return (...given: unknown[]) => noted(Reflect.apply(value, real, given), label, true)
      },
    })
  }

  const { PERSON, DIRECTORY, IDENTITIES } = env
  const limiters = ['ADMIN_FAILURES', 'KEY_WORK', 'KEY_FAILURES', 'DEVICE_FAILURES'] as const
  const bindings = {
    ...env,
    PERSON: objects('PERSON', PERSON),
    DIRECTORY: objects('DIRECTORY', DIRECTORY),
    SESSION: objects('SESSION', Reflect.get(env, 'SESSION') as object),
    IDENTITIES: noted(IDENTITIES, 'KV', false),
    ...Object.fromEntries(limiters.map((name) => [name, noted(env[name], name, false)])),
    ...more,
  }
  return {
    bindings,
    takeCalls() {
      const taken = calls
      calls = []
      return taken
    },
    setDelay(milliseconds) {
      delayMs = milliseconds
    },
  }
}
