/** The ways that the damage tests spoil a JPEG: bytes are missing, others stand in their place, or they come in another order. */
import { joinBytes } from '../make-png.ts'

const eoi = Uint8Array.of(0xff, 0xd9)

/** Where the scan's data begins. */
function scanOf(bytes: Uint8Array): number {
  return bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda) + 14
}

/** @param other a photo of somebody else, in the same encoding */
export type Damage = (
  bytes: Uint8Array,
  at: number,
  length: number,
  random: () => number,
  other: Uint8Array,
) => Uint8Array

/** Somewhere in the scans, with so many bytes behind it. */
function placeIn(bytes: Uint8Array, length: number, random: () => number): number {
  const scan = scanOf(bytes)
  return scan + Math.floor(random() * (bytes.length - 2 - length - scan))
}

/** Bytes are missing, or others stand in their place. */
export const missing: Readonly<Record<string, Damage>> = {
  'cut off, with an end marker': (bytes, at) => joinBytes(bytes.subarray(0, at), eoi),
  'cut off, filled up with zeros': (bytes, at) =>
    joinBytes(bytes.subarray(0, at), new Uint8Array(bytes.length - at - 2), eoi),
  'a hole': (bytes, at, length) => joinBytes(bytes.subarray(0, at), bytes.subarray(at + length)),
  'zeros in it': (bytes, at, length) => bytes.slice().fill(0, at, at + length),
  'ones in it': (bytes, at, length) => bytes.slice().fill(0xff, at, at + length),
  'the end of another photo': (bytes, at, _, random, other) =>
    joinBytes(bytes.subarray(0, at), other.subarray(placeIn(other, 0, random))),
  'a part of it twice': (bytes, at, length) =>
    joinBytes(bytes.subarray(0, at + length), bytes.subarray(at)),
  'noise in it': (bytes, at, length, random) => {
    const copy = bytes.slice()
    for (let i = 0; i < length; i++) copy[at + i] = Math.floor(random() * 256)
    return copy
  },
}

/** Bytes are others, a few are missing or too many, or all are there in another order. */
export const changed: Readonly<Record<string, Damage>> = {
  'four bytes changed': (bytes, at, length, random) => {
    const copy = bytes.slice()
    for (let i = 0; i < 4; i++)
      copy[at + Math.floor(random() * length)] = Math.floor(random() * 255)
    return copy
  },
  'a bit flipped': (bytes, at, _, random) =>
    bytes.with(at, bytes[at]! ^ (1 << Math.floor(random() * 8))) as Uint8Array,
  'a few bytes put in': (bytes, at, _, random) => {
    const few = Uint8Array.from({ length: 1 + Math.floor(random() * 6) }, () => random() * 255)
    return joinBytes(bytes.subarray(0, at), few, bytes.subarray(at))
  },
  'a few bytes taken out': (bytes, at, _, random) =>
    joinBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 4))),
  'two parts swapped': (bytes, at, length, random) => {
    const from = placeIn(bytes, length, random)
    const copy = bytes.slice()
    copy.set(bytes.subarray(at, at + length), from)
    copy.set(bytes.subarray(from, from + length), at)
    return copy
  },
  'a part of another photo in it': (bytes, at, length, random, other) => {
    const copy = bytes.slice()
    const from = placeIn(other, length, random)
    copy.set(other.subarray(from, from + length), at)
    return copy
  },
  'a byte of its tables changed': (bytes, _at, _length, random) =>
    bytes.with(
      2 + Math.floor(random() * (scanOf(bytes) - 2)),
      Math.floor(random() * 256),
    ) as Uint8Array,
}

/** With three stray bytes that do no harm. */
export function withStrayBytes(photo: Uint8Array): Uint8Array {
  const tables = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === 0xdb)
  return joinBytes(photo.subarray(0, tables), Uint8Array.of(1, 2, 3), photo.subarray(tables))
}

/** With what some cameras write into the parameters of a scan, which mean nothing but in a progressive file. */
function withOddParameters(photo: Uint8Array): Uint8Array {
  const marker = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === 0xda)
  const isProgressive = photo.some((byte, i) => byte === 0xff && photo[i + 1] === 0xc2)
  if (isProgressive) return photo
  const odd = photo.slice()
  odd.set([1, 0, 0x21], marker + 2 + photo[marker + 3]! - 3)
  return odd
}

/** Faults of a JPEG that cost no pixel, behind which others may hide. */
export const harmless: Readonly<Record<string, (photo: Uint8Array) => Uint8Array>> = {
  'stray bytes between segments': withStrayBytes,
  'odd parameters of a scan': withOddParameters,
  'no end marker': (photo) => photo.subarray(0, -2),
}

/** A JPEG that was spoilt so in one of many ways, which `random` chooses. @param other a photo of somebody else, in the same encoding */
export function damage(
  spoil: Damage,
  photo: Uint8Array,
  other: Uint8Array,
  random: () => number,
): Uint8Array {
  const length = 16 + Math.floor(random() * 500)
  const at = placeIn(photo, length, random)
  return spoil(photo, at, length, random, other)
}
