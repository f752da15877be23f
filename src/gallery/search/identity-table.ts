/**
 * Maps identities to rows, for hundreds of thousands of people: identities as bytes in a few large blocks and a hash table
 * over them, some 60 bytes a person with an identity of 36 characters where a Map of strings takes about 150. Rows are
 * numbered without gaps: the last one moves to where one was removed. Pure.
 */

import { fnv1a } from '../../lib/hash-text.ts'
import { createIdentityBlocks } from './identity-blocks.ts'

export interface IdentityTable {
  readonly rows: number
  /** Memory that is held. */
  readonly bytes: number
  /** Row of an identity, -1 when it has none. */
  find(identity: string): number
  /** Gives a new identity, of 1 to 255 ASCII characters, the next row. */
  add(identity: string): number
  /** @returns the row that moves to this place: the last row, possibly this one */
  remove(row: number): number
  identityOf(row: number): string
}

const firstRows = 512
/** Bytes of removed identities that are tolerated in any case. */
const leastWaste = 1_048_576

export function createIdentityTable(): IdentityTable {
  let blocks = createIdentityBlocks()
  /** Bytes of removed identities. */
  let wasted = 0
  /** [row] Where the identity begins. */
  let starts = new Uint32Array(firstRows)
  let rows = 0
  /** Open addressing with steps of one: row + 1, or 0 where a slot is free. At most half of them are taken. */
  let slots = new Uint32Array(firstRows * 2)

  const charactersOf = (row: number): Uint8Array => blocks.charactersAt(starts[row])

  /** The slot that holds the identity, or the free one where it would go. */
  function slotOf(identity: string): number {
    let slot = homeOf(hashOf(identity))
    while (slots[slot] !== 0 && !isText(charactersOf(slots[slot] - 1), identity)) {
      slot = next(slot)
    }
    return slot
  }

  function slotOfRow(row: number): number {
    let slot = homeOf(hashOfCharacters(charactersOf(row)))
    while (slots[slot] !== row + 1) slot = next(slot)
    return slot
  }

  function homeOf(hash: number): number {
    return hash & (slots.length - 1)
  }

  function next(slot: number): number {
    return (slot + 1) & (slots.length - 1)
  }

  function grow(): void {
    const longer = new Uint32Array(rows * 2)
    longer.set(starts)
    starts = longer
    slots = new Uint32Array(rows * 4)
    for (let row = 0; row < rows; row++) {
      let slot = homeOf(hashOfCharacters(charactersOf(row)))
      while (slots[slot] !== 0) slot = next(slot)
      slots[slot] = row + 1
    }
  }

  /** Moves into the freed slot what would not be found behind it any more. */
  function free(slot: number): void {
    let hole = slot
    for (let at = next(slot); slots[at] !== 0; at = next(at)) {
      const home = homeOf(hashOfCharacters(charactersOf(slots[at] - 1)))
      const stepsFrom = (from: number): number => (at - from) & (slots.length - 1)
      if (stepsFrom(home) < stepsFrom(hole)) continue
      slots[hole] = slots[at]
      hole = at
    }
    slots[hole] = 0
  }

  /** Leaves removed identities behind. */
  function compact(): void {
    const kept = createIdentityBlocks()
    for (let row = 0; row < rows; row++) {
      const old = charactersOf(row)
      const { start, characters } = kept.append(old.length)
      characters.set(old)
      starts[row] = start
    }
    blocks = kept
    wasted = 0
  }

  return {
    get rows() {
      return rows
    },

    get bytes() {
      return blocks.bytes + starts.byteLength + slots.byteLength
    },

    find: (identity) => slots[slotOf(identity)] - 1,

    add(identity) {
      if (rows === starts.length) grow()
      const { start, characters } = blocks.append(identity.length)
      for (let i = 0; i < identity.length; i++) characters[i] = identity.charCodeAt(i)
      slots[slotOf(identity)] = rows + 1
      starts[rows] = start
      return rows++
    },

    remove(row) {
      wasted += 1 + charactersOf(row).length
      free(slotOfRow(row))
      const last = --rows
      if (last !== row) {
        slots[slotOfRow(last)] = row + 1
        starts[row] = starts[last]
      }
      if (wasted > leastWaste && wasted > blocks.end / 2) compact()
      return last
    },

    identityOf: (row) => String.fromCharCode(...charactersOf(row)),
  }
}

function hashOf(identity: string): number {
  return spread(fnv1a(identity))
}

/** The same of the same characters, without a text of them. */
function hashOfCharacters(characters: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const character of characters) hash = Math.imul(hash ^ character, 0x01000193)
  return spread(hash)
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}

function isText(characters: Uint8Array, text: string): boolean {
  if (characters.length !== text.length) return false
  return characters.every((character, i) => character === text.charCodeAt(i))
}
