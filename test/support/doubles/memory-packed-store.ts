/** A store of packed segments in memory, that can be damaged and can fail. */
import {
  type Manifest,
  parseManifest,
  serializeManifest,
} from '../../../src/gallery/packed/manifest.ts'
import type { PackedStore } from '../../../src/gallery/packed/packed-store.ts'
import { readSegment, writeSegment } from '../../../src/gallery/packed/segment.ts'

export interface MemoryPackedStore extends PackedStore {
  readonly segments: Map<string, Uint8Array<ArrayBuffer>>
  /** Names of segments that an old key sealed. */
  readonly outdated: Set<string>
  /** Writes and deletions so far. */
  readonly writes: number
  /** Every write or deletion after so many fails. */
  failAfter(writes: number): void
  manifest(): Manifest
}

export function createMemoryPackedStore(): MemoryPackedStore {
  const segments = new Map<string, Uint8Array<ArrayBuffer>>()
  const outdated = new Set<string>()
  let manifest: string | undefined
  let writes = 0
  let writesLeft = Number.POSITIVE_INFINITY

  function write(): void {
    if (writesLeft <= 0) throw new Error('killed')
    writesLeft--
    writes++
  }

  return {
    segments,
    outdated,

    get writes() {
      return writes
    },

    failAfter(count) {
      writesLeft = count
    },

    manifest() {
      const parsed = parseManifest(manifest ?? '')
      if (parsed === null) throw new Error('no manifest')
      return parsed
    },

    readManifest: async () => (manifest === undefined ? null : parseManifest(manifest)),

    async writeManifest(next) {
      write()
      manifest = serializeManifest(next)
    },

    async readSegment(name) {
      const bytes = segments.get(name)
      if (bytes === undefined) return null
      try {
        return { segment: readSegment(bytes), isCurrent: !outdated.has(name) }
      } catch {
        return null
      }
    },

    async writeSegment(name, segment) {
      write()
      if (segments.has(name)) throw new Error(`${name} is written twice`)
      segments.set(name, writeSegment(segment))
    },

    async deleteSegment(name) {
      write()
      segments.delete(name)
    },

    listSegments: async () => [...segments.keys()],
  }
}
