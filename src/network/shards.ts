/**
 * The binary files that carry a network's weights into the Worker, and their index. A shard is a header of 48 bytes
 * (magic "FGSH", format version, number of the shard, length and SHA-256 of what follows; integers are uint32, little
 * endian) and the tensors of whole layers one after the other. Written and read here, so that the two agree.
 */
import type { Encoding, Precision } from './quantise.ts'

export const shardFormat = 1
export const maxShardBytes = 4 * 1024 * 1024
const headerBytes = 48
const magic = [0x46, 0x47, 0x53, 0x48]

/** Where a tensor lies: `length` bytes from `offset` on in the payload of shard number `shard`. */
export interface Section {
  readonly shard: number
  readonly offset: number
  readonly length: number
}

export interface LayerEntry {
  readonly layer: string
  readonly filter: Section & { readonly encoding: Encoding; readonly levels: number }
  /** float32, one per output channel. */
  readonly bias?: Section
}

/** The contents of build/shards/<network>.json. */
export interface ShardIndex {
  readonly format: number
  readonly network: string
  /** SHA-256 over the network's table and all shards, hex: changes when an encoding could. */
  readonly weightsHash: string
  /** SHA-256 of the CSV files that were packed, hex. */
  readonly sourceHash: string
  readonly precision: Precision
  readonly shards: readonly {
    readonly file: string
    readonly bytes: number
    readonly sha256: string
  }[]
  readonly layers: readonly LayerEntry[]
}

/** Lays sections out over shards; a section never spans two, and one that is larger than a shard has one of its own. */
export class ShardWriter {
  readonly #payloads: Uint8Array[][] = [[]]
  readonly #maxBytes: number
  #used = 0

  /** @param maxBytes of a shard: what a Worker's bundle takes in well, unless the shards stay in memory */
  constructor(maxBytes = maxShardBytes) {
    this.#maxBytes = maxBytes
  }

  add(bytes: Uint8Array): Section {
    if (this.#used > 0 && this.#used + bytes.length > this.#maxBytes - headerBytes) {
      this.#payloads.push([])
      this.#used = 0
    }
    this.#payloads.at(-1)!.push(bytes)
    const section = { shard: this.#payloads.length - 1, offset: this.#used, length: bytes.length }
    this.#used += bytes.length
    return section
  }

  async finish(): Promise<{ bytes: Uint8Array; sha256: string }[]> {
    return Promise.all(
      this.#payloads.map(async (sections, number) => {
        const payload = new Uint8Array(await new Blob(sections).arrayBuffer())
        const digest = await sha256(payload)
        const bytes = new Uint8Array(headerBytes + payload.length)
        bytes.set(magic)
        const view = new DataView(bytes.buffer)
        view.setUint32(4, shardFormat, true)
        view.setUint32(8, number, true)
        view.setUint32(12, payload.length, true)
        bytes.set(digest, 16)
        bytes.set(payload, headerBytes)
        return { bytes, sha256: toHex(digest) }
      }),
    )
  }
}

/**
 * The payload of a shard, a view on `file`.
 *
 * @throws Error that says what is wrong with the file, and what was expected
 */
export async function readShard(
  file: ArrayBuffer,
  expected: { name: string; number: number; sha256: string },
): Promise<Uint8Array> {
  const broken = (what: string): Error =>
    new Error(`${expected.name}: ${what}; pack the weights again with "npm run pack"`)
  if (file.byteLength < headerBytes)
    throw broken(`is ${file.byteLength} bytes long, no whole header`)
  const view = new DataView(file)
  const found = new Uint8Array(file, 0, 4)
  if (magic.some((byte, i) => found[i] !== byte))
    throw broken('is not a shard, its magic is not "FGSH"')
  const format = view.getUint32(4, true)
  if (format !== shardFormat) throw broken(`has format ${format} where ${shardFormat} is read`)
  const number = view.getUint32(8, true)
  if (number !== expected.number)
    throw broken(`is shard ${number} where ${expected.number} was expected`)
  const length = view.getUint32(12, true)
  if (length !== file.byteLength - headerBytes) {
    throw broken(`holds ${file.byteLength - headerBytes} bytes where its header says ${length}`)
  }
  const payload = new Uint8Array(file, headerBytes)
  const digest = toHex(await sha256(payload))
  if (digest !== expected.sha256 || digest !== toHex(new Uint8Array(file, 16, 32))) {
    throw broken(`has SHA-256 ${digest} where ${expected.sha256} was expected`)
  }
  return payload
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
