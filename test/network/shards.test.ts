import { beforeAll, describe, expect, it } from 'vitest'
import { maxShardBytes, readShard, ShardWriter, sha256, toHex } from '../../src/network/shards.ts'

const headerBytes = 48
const hint = '; pack the weights again with "npm run pack"'

interface Shard {
  readonly bytes: Uint8Array
  readonly sha256: string
}

async function writeOne(...sections: Uint8Array[]): Promise<Shard> {
  const writer = new ShardWriter()
  for (const section of sections) writer.add(section)
  return (await writer.finish())[0]!
}

describe('ShardWriter', () => {
  it('lays sections out one after the other', () => {
    const writer = new ShardWriter()
    expect(writer.add(new Uint8Array(10))).toEqual({ shard: 0, offset: 0, length: 10 })
    expect(writer.add(new Uint8Array(7))).toEqual({ shard: 0, offset: 10, length: 7 })
  })

  it('writes magic, format, number, length and SHA-256 before the payload', async () => {
    const { bytes, sha256: digest } = await writeOne(Uint8Array.of(1, 2), Uint8Array.of(3))
    const view = new DataView(bytes.buffer)
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('FGSH')
    expect([4, 8, 12].map((offset) => view.getUint32(offset, true))).toEqual([1, 0, 3])
    expect(bytes.subarray(headerBytes)).toEqual(Uint8Array.of(1, 2, 3))
    expect(toHex(bytes.subarray(16, headerBytes))).toBe(digest)
    expect(digest).toBe(toHex(await sha256(Uint8Array.of(1, 2, 3))))
  })

  it('begins a new shard rather than let one pass 4 MiB or a section span two', async () => {
    const writer = new ShardWriter()
    const room = maxShardBytes - headerBytes
    writer.add(new Uint8Array(room - 5))
    expect(writer.add(new Uint8Array(5))).toMatchObject({ shard: 0, offset: room - 5 })
    expect(writer.add(new Uint8Array(1))).toEqual({ shard: 1, offset: 0, length: 1 })
    expect(writer.add(new Uint8Array(room))).toMatchObject({ shard: 2, offset: 0 })
    const shards = await writer.finish()
    expect(shards.map(({ bytes }) => bytes.length)).toEqual([
      maxShardBytes,
      headerBytes + 1,
      maxShardBytes,
    ])
    expect(maxShardBytes).toBe(4 * 2 ** 20)
  })

  it('gives a section that is larger than a shard one of its own', async () => {
    const bytes = new Uint8Array(maxShardBytes - headerBytes + 1)
    const writer = new ShardWriter()
    expect(writer.add(bytes)).toEqual({ shard: 0, offset: 0, length: bytes.length })
    expect(writer.add(new Uint8Array(1))).toEqual({ shard: 1, offset: 0, length: 1 })
    expect((await writer.finish()).map((shard) => shard.bytes.length)).toEqual([
      maxShardBytes + 1,
      headerBytes + 1,
    ])
    expect(new ShardWriter(Infinity).add(bytes)).toEqual({
      shard: 0,
      offset: 0,
      length: bytes.length,
    })
  })
})

describe('readShard', () => {
  let whole: Shard
  beforeAll(async () => {
    whole = await writeOne(Uint8Array.from({ length: 100 }, (_, i) => i))
  })

  function read(change: (bytes: Uint8Array, view: DataView) => Uint8Array | undefined, number = 0) {
    const bytes = whole.bytes.slice()
    const changed = change(bytes, new DataView(bytes.buffer)) ?? bytes
    const file = changed.slice().buffer
    return readShard(file, { name: 'net-0.bin', number, sha256: whole.sha256 })
  }

  it('gives the payload back', async () => {
    expect(await read(() => undefined)).toEqual(whole.bytes.subarray(headerBytes))
  })

  it.each<[string, string, (bytes: Uint8Array, view: DataView) => Uint8Array | undefined]>([
    ['an empty file', 'is 0 bytes long, no whole header', () => new Uint8Array(0)],
    ['half a header', 'is 47 bytes long, no whole header', (bytes) => bytes.subarray(0, 47)],
    [
      'another magic',
      'is not a shard, its magic is not "FGSH"',
      (bytes) => {
        bytes[3] = 0x4a
        return bytes
      },
    ],
    [
      'another format',
      'has format 2 where 1 is read',
      (bytes, view) => {
        view.setUint32(4, 2, true)
        return bytes
      },
    ],
    [
      'another number',
      'is shard 3 where 0 was expected',
      (bytes, view) => {
        view.setUint32(8, 3, true)
        return bytes
      },
    ],
    [
      'a file cut short',
      'holds 99 bytes where its header says 100',
      (bytes) => bytes.subarray(0, bytes.length - 1),
    ],
    [
      'a file with more behind it',
      'holds 101 bytes where its header says 100',
      (bytes) => Uint8Array.of(...bytes, 0),
    ],
  ])('refuses %s', async (_, message, change) => {
    await expect(read(change)).rejects.toThrow(new Error(`net-0.bin: ${message}${hint}`))
  })

  it('refuses a shard that belongs elsewhere in the row', async () => {
    await expect(read(() => undefined, 1)).rejects.toThrow(
      new Error(`net-0.bin: is shard 0 where 1 was expected${hint}`),
    )
  })

  it('refuses a flipped bit wherever it is in the payload', async () => {
    for (const at of [headerBytes, headerBytes + 50, headerBytes + 99]) {
      const flipped = whole.bytes.slice(headerBytes)
      flipped[at - headerBytes]! ^= 1
      const found = toHex(await sha256(flipped))
      await expect(
        read((bytes) => {
          bytes[at]! ^= 1
          return bytes
        }),
      ).rejects.toThrow(
        new Error(`net-0.bin: has SHA-256 ${found} where ${whole.sha256} was expected${hint}`),
      )
    }
  })

  it('refuses a whole shard of other weights, and one whose header has another hash', async () => {
    const other = await writeOne(new Uint8Array(100))
    await expect(read(() => other.bytes)).rejects.toThrow(
      new Error(`net-0.bin: has SHA-256 ${other.sha256} where ${whole.sha256} was expected${hint}`),
    )
    await expect(
      read((bytes) => {
        bytes[16]! ^= 1
        return bytes
      }),
    ).rejects.toThrow('has SHA-256')
  })
})
