/**
 * The packed gallery in KV: `packed:manifest` and `packed:segment:<name>`, each segment sealed as a whole and bound to its
 * name. KV may be late: the manifest may be an earlier one, a segment may be missing.
 */
import { reachStore } from '../../identity/reach/reach-store.ts'
import type { Vault } from '../../identity/vault.ts'
import { type Manifest, parseManifest, serializeManifest } from './manifest.ts'
import { readSegment, type Segment, writeSegment } from './segment.ts'

const manifestKey = 'packed:manifest'
const segmentPrefix = 'packed:segment:'

export interface StoredSegment {
  readonly segment: Segment
  /** False when it is sealed with a key other than the current one. */
  readonly isCurrent: boolean
}

/** Throws `store_unavailable`. */
export interface PackedStore {
  /** Null if it is missing or unreadable. */
  readManifest(): Promise<Manifest | null>
  writeManifest(manifest: Omit<Manifest, 'format'>): Promise<void>
  /** Null when it is missing, damaged, or does not open. */
  readSegment(name: string): Promise<StoredSegment | null>
  writeSegment(name: string, segment: Segment): Promise<void>
  deleteSegment(name: string): Promise<void>
  /** At most 1,000 names. */
  listSegments(): Promise<readonly string[]>
}

export function createPackedStore(kv: KVNamespace, vault: Vault): PackedStore {
  return {
    async readManifest() {
      const text = await reachStore('read', () => kv.get(manifestKey, 'text'))
      return text === null ? null : parseManifest(text)
    },

    async writeManifest(manifest) {
      await reachStore('write', () => kv.put(manifestKey, serializeManifest(manifest)))
    },

    async readSegment(name) {
      const sealed = await reachStore('read', () => kv.get(segmentPrefix + name, 'arrayBuffer'))
      if (sealed === null) return null
      const bytes = await vault.openBytes('segment', name, new Uint8Array(sealed))
      if (bytes === null) return null
      try {
        return {
          segment: readSegment(bytes),
          isCurrent: vault.isCurrentBytes(new Uint8Array(sealed)),
        }
      } catch {
        return null
      }
    },

    async writeSegment(name, segment) {
      const sealed = await vault.sealBytes('segment', name, writeSegment(segment))
      await reachStore('write', () => kv.put(segmentPrefix + name, sealed))
    },

    async deleteSegment(name) {
      await reachStore('delete', () => kv.delete(segmentPrefix + name))
    },

    async listSegments() {
      const { keys } = await reachStore('list', () => kv.list({ prefix: segmentPrefix }))
      return keys.map(({ name }) => name.slice(segmentPrefix.length))
    },
  }
}
