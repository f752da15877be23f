/**
 * A KV namespace as another place on earth sees it: reads, misses and lists are those of the moment when it last caught up, for
 * as long as the test likes. Writes go to the real one.
 */
export interface StaleKv {
  readonly kv: KVNamespace
  /** From now on it shows what the real one holds now. */
  catchUp(): Promise<void>
}

/** Shows an empty namespace until it catches up. */
export function staleKv(real: KVNamespace): StaleKv {
  let values = new Map<string, ArrayBuffer | null>()
  let keys: KVNamespaceListKey<unknown>[] = []

  function read(key: string): string | null {
    const bytes = values.get(key) ?? null
    return bytes && new TextDecoder().decode(bytes)
  }

  async function get(wanted: string | string[], type?: string) {
    if (typeof wanted !== 'string') return new Map(wanted.map((key) => [key, read(key)]))
    return type === 'arrayBuffer' ? (values.get(wanted) ?? null) : read(wanted)
  }

  async function list({ prefix }: KVNamespaceListOptions = {}) {
    return { keys: keys.filter(({ name }) => name.startsWith(prefix ?? '')), list_complete: true }
  }

  return {
    kv: new Proxy(real, {
      get(target, property) {
        if (property === 'get') return get
        if (property === 'list') return list
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }),
    async catchUp() {
      keys = (await real.list()).keys
      values = new Map(
        await Promise.all(
          keys.map(async ({ name }) => [name, await real.get(name, 'arrayBuffer')] as const),
        ),
      )
    },
  }
}
