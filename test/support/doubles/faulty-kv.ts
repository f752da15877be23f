/** A KV namespace whose named operation fails, and that is the real one otherwise. */
export function faultyKv(
  real: KVNamespace,
  operation: 'get' | 'put' | 'delete' | 'list',
  message = 'KV is down',
): KVNamespace {
  return new Proxy(real, {
    get(target, property) {
      if (property === operation) return () => Promise.reject(new Error(message))
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
