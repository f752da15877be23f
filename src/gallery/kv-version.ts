/**
 * Tells isolates that the gallery changed: a key in KV that each write overwrites with a random token. It is a hint that spares
 * waiting for the age limit of what is held, and no more: KV shows it up to a minute late, and takes one write a second.
 * A strongly consistent keeper of versions can take its place.
 */
import { reachKv } from '../identity/reach-kv.ts'

export interface GalleryVersion {
  /** Null before the first change. */
  read(): Promise<string | null>
  /** The new version, or null when it could not be written. */
  bump(): Promise<string | null>
}

const versionKey = 'gallery-version'
/** The least that KV allows. */
const cacheTtlSeconds = 30

export function createKvVersion(kv: KVNamespace): GalleryVersion {
  return {
    read: () =>
      reachKv('read', () => kv.get(versionKey, { type: 'text', cacheTtl: cacheTtlSeconds })),
    async bump() {
      const version = crypto.randomUUID()
      try {
        await kv.put(versionKey, version)
        return version
      } catch {
        // Most likely another write within the second, which told the others to look again. The age limit does the rest.
        return null
      }
    },
  }
}
