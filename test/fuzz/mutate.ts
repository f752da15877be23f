/** Bytes that were in order, and then were not: cut, flipped, overwritten, put in, taken out, doubled. */
import fc from 'fast-check'

type Edit =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'overwrite' | 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete' | 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'cut'; readonly at: number }

/** Where in the bytes, as a share of their length: what is left to do after shrinking is still a place in them. */
const place = fc.double({ min: 0, max: 1, noNaN: true })

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constantFrom('overwrite' as const, 'insert' as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constantFrom('delete' as const, 'repeat' as const),
    at: place,
    length: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
)

function apply(bytes: Uint8Array, change: Edit): Uint8Array {
  const at = Math.min(bytes.length, Math.floor(change.at * bytes.length))
  const before = bytes.subarray(0, at)
  switch (change.kind) {
    case 'flip': {
      const flipped = bytes.slice()
      if (at < flipped.length) flipped[at]! ^= 1 << change.bit
      return flipped
    }
    case 'overwrite':
      return join(before, change.bytes, bytes.subarray(at + change.bytes.length))
    case 'insert':
      return join(before, change.bytes, bytes.subarray(at))
    case 'delete':
      return join(before, bytes.subarray(at + change.length))
    case 'repeat':
      return join(bytes.subarray(0, at + change.length), bytes.subarray(at))
    case 'cut':
      return bytes.slice(0, at)
  }
}

/** One to four changes of what `original` draws. */
export function mutated(original: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(original, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([bytes, edits]) => edits.reduce(apply, bytes))
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
