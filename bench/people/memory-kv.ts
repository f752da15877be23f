/** What of KV the packed index uses, in memory. */
export function createMemoryKv(): KVNamespace {
  const stored = new Map<string, string | Uint8Array>()
  const kv = {
    async get(key: string, type: string) {
      const value = stored.get(key) ?? null
      return type === 'arrayBuffer' && value instanceof Uint8Array ? value.slice().buffer : value
    },
    async put(key: string, value: string | Uint8Array) {
      stored.set(key, value)
    },
    async delete(key: string) {
      stored.delete(key)
    },
    async list({ prefix }: { prefix: string }) {
      return {
        keys: [...stored.keys()].filter((k) => k.startsWith(prefix)).map((name) => ({ name })),
      }
    },
  }
  return kv as unknown as KVNamespace
}
