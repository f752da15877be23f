import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { toInt8 } from '../../../src/encoding/int8-encoding.ts'
import { readSegment, segmentVersion, writeSegment } from '../../../src/gallery/packed/segment.ts'
import type { GalleryEntry } from '../../../src/identity/gallery-entry.ts'
import { fakeModel } from '../../support/app/fake-engine.ts'
import { randomNumbers } from '../../support/random.ts'

function person(identity: string, seed = 1, model = fakeModel, length = 128): GalleryEntry {
  return { identity, version: seed * 7, model, template: toInt8(randomNumbers(length, seed)) }
}

const people = [
  person('a', 1),
  person('x'.repeat(128), 2, 'other-network@ffffffff'),
  person('__proto__', 3),
]
const deleted = ['gone', 'z']

function read(bytes: Uint8Array<ArrayBuffer>) {
  const segment = readSegment(bytes)
  return { people: [...segment.people], deleted: [...segment.deleted] }
}

describe('a segment', () => {
  it('comes back as it was written', () => {
    expect(read(writeSegment({ people, deleted }))).toEqual({ people, deleted })
  })

  it('that counts another number of deletions than it names is refused, though its checksum is right', () => {
    for (const count of [0, 1, 3]) {
      const bytes = writeSegment({ people, deleted })
      const view = new DataView(bytes.buffer)
      view.setUint32(16, count, true)
      view.setUint32(8, crc32(bytes.subarray(12)), true)
      expect(() => read(bytes)).toThrow(
        `gallery segment: number of identities 5, expected ${people.length + count}`,
      )
    }
  })

  it('comes back from the middle of a buffer', () => {
    const bytes = writeSegment({ people, deleted })
    const buffer = new Uint8Array(bytes.length + 9)
    buffer.set(bytes, 5)
    expect(read(buffer.subarray(5, 5 + bytes.length))).toEqual({ people, deleted })
  })

  it('keeps both templates of people of two models, among others', () => {
    const two = (identity: string, seed: number): GalleryEntry => {
      const { model, template } = person('', seed + 100, 'other-network@ffffffff')
      return { ...person(identity, seed), other: { model, template } }
    }
    for (const mixed of [
      [two('a', 1)],
      [two('a', 1), two('b', 2)],
      [person('a', 1), two('b', 2), person('c', 3)],
      [two('a', 1), person('b', 2), two('c', 3)],
    ]) {
      expect(read(writeSegment({ people: mixed, deleted }))).toEqual({ people: mixed, deleted })
    }
  })

  it('of 128 numbers is to the byte what was written before there were other lengths', () => {
    const bytes = writeSegment({ people, deleted })
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(1)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '4125a0642f5250e7561929eb76f3d8a78cc93b89db8da5bb1b382fb27788436e',
    )
  })

  it.each([4, 64, 512, 1024])('of %i numbers comes back as it was written', (length) => {
    const others = [person('a', 1, fakeModel, length), person('b', 2, 'other', length)]
    const bytes = writeSegment({ people: others, deleted })
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(segmentVersion)
    expect(read(bytes)).toEqual({ people: others, deleted })
  })

  it('keeps templates of several lengths apart, of one person and of one name of a model', () => {
    const { model, template } = person('', 9, 'large-network@ffffffff', 512)
    const mixed = [
      person('a', 1),
      { ...person('b', 2, fakeModel, 64), other: { model, template } },
      person('c', 3, fakeModel, 512),
      person('d', 4),
    ]
    expect(read(writeSegment({ people: mixed, deleted }))).toEqual({ people: mixed, deleted })
  })

  it('may be empty, or hold deletions only', () => {
    expect(read(writeSegment({ people: [], deleted: [] }))).toEqual({ people: [], deleted: [] })
    expect(read(writeSegment({ people: [], deleted }))).toEqual({ people: [], deleted })
  })

  it('takes 138 bytes a person and their identity', () => {
    const crowd = Array.from({ length: 1000 }, (_, i) => person(`person-${i + 1000}`, i + 1))
    const perPerson = writeSegment({ people: crowd, deleted: [] }).length / 1000
    expect(perPerson).toBeCloseTo(138 + 'person-1000'.length, 0)
  })

  it('holds 256 models and no more', () => {
    const models = (count: number) =>
      Array.from({ length: count }, (_, i) => person(`p${i}`, 1, `model-${i}`))
    expect(read(writeSegment({ people: models(256), deleted: [] })).people[255]!.model).toBe(
      'model-255',
    )
    expect(() => writeSegment({ people: models(257), deleted: [] })).toThrow(
      'a segment holds 256 models at most',
    )
  })
})

describe.each([128, 64])('a damaged segment of %i numbers', (length) => {
  const others = [person('a', 1, fakeModel, length), person('b', 2, 'other', length)]
  const good = writeSegment({ people: others, deleted })

  it('is refused wherever one bit is turned', () => {
    for (let at = 0; at < good.length; at++) {
      const bytes = good.slice()
      bytes[at]! ^= 1
      expect(() => readSegment(bytes)).toThrow(/gallery segment/)
    }
  })

  it('is refused at whatever byte it ends', () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => readSegment(good.slice(0, length))).toThrow(/gallery segment/)
    }
    expect(() => readSegment(new Uint8Array([...good, 0]))).toThrow(/gallery segment: checksum/)
  })

  it('of another version is refused by its number', () => {
    const bytes = good.slice()
    new DataView(bytes.buffer).setUint32(4, segmentVersion + 1, true)
    expect(() => readSegment(bytes)).toThrow('gallery segment: version 3, expected 1 or 2')
  })
})
