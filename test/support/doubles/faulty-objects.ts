/** A namespace of Durable Objects that cannot be reached for one method, and is the real one otherwise. */
export function faultyObjects<Objects extends Rpc.DurableObjectBranded>(
  real: DurableObjectNamespace<Objects>,
  method: keyof Objects,
  message = 'the object is down',
): DurableObjectNamespace<Objects> {
  return new Proxy(real, {
    get(target, property) {
      if (property === 'getByName') {
        return (name: string) => faultyStub(target.getByName(name), method, message)
      }
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function faultyStub<Stub extends object>(stub: Stub, method: PropertyKey, message: string): Stub {
  return new Proxy(stub, {
    get(target, property) {
      if (property === method) return () => Promise.reject(new Error(message))
      const call: unknown = Reflect.get(target, property, target)
      // A method of the far side has no bind: it would be called there.
      return (...given: unknown[]) => {
        if (typeof call !== 'function') throw new TypeError(`no method ${String(property)}`)
        return call(...given)
      }
    },
  })
}
