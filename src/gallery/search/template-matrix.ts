/**
 * The templates of a gallery in memory, and the search for candidates: for each person the least possible L2 distance,
 * whatever the rounding. A person within reach is never missed; the exact distance is computed elsewhere.
 */

import type { Int8Encoding } from '../../encoding/int8-encoding.ts'
import { createIdentityTable } from './identity-table.ts'
import { createTemplateRows, type ScanOptions } from './template-rows.ts'

export interface Candidate {
  readonly identity: string
  /** The person's exact distance is not below this. */
  readonly atLeast: number
}

export interface TemplateMatrix {
  readonly people: number
  /** Memory that is held. */
  readonly bytes: number
  /** Adds or replaces a person; a template of another length throws. @param version of their record, 32 bits */
  put(identity: string, version: number, template: Int8Encoding): void
  /** False when nobody was there. */
  remove(identity: string): boolean
  /** Undefined when nobody is there. */
  versionOf(identity: string): number | undefined
  /** Templates of so many others, those first who have been there longest, but for whoever took the place of somebody removed. */
  sample(most: number, except: string): Float32Array[]
  /** The most promising first. @param probe an encoding of the length of the templates */
  scan(probe: Float32Array, options: ScanOptions): Candidate[]
}

/**
 * @param kernel build/kernels/gallery.wasm, compiled
 * @param length numbers in a template
 */
export function createTemplateMatrix(kernel: WebAssembly.Module, length: number): TemplateMatrix {
  const identities = createIdentityTable()
  const templates = createTemplateRows(kernel, length)
  /** [row] */
  let versions = new Uint32Array(512)

  function rowFor(identity: string): number {
    const known = identities.find(identity)
    if (known >= 0) return known
    const row = identities.add(identity)
    if (row === versions.length) {
      const longer = new Uint32Array(row * 2)
      longer.set(versions)
      versions = longer
    }
    return row
  }

  return {
    get people() {
      return identities.rows
    },

    get bytes() {
      return identities.bytes + templates.bytes + versions.byteLength
    },

    put(identity, version, template) {
      const row = rowFor(identity)
      templates.write(row, template)
      versions[row] = version
    },

    remove(identity) {
      const row = identities.find(identity)
      if (row < 0) return false
      const moved = identities.remove(row)
      templates.copy(moved, row)
      versions[row] = versions[moved]
      return true
    },

    versionOf(identity) {
      const row = identities.find(identity)
      return row < 0 ? undefined : versions[row]
    },

    sample(most, except) {
      const left = identities.find(except)
      const rows: Float32Array[] = []
      for (let row = 0; row < identities.rows && rows.length < most; row++) {
        if (row !== left) rows.push(templates.read(row))
      }
      return rows
    },

    scan: (probe, options) =>
      templates
        .scan(probe, identities.rows, options)
        .map(({ row, atLeast }) => ({ identity: identities.identityOf(row), atLeast })),
  }
}
