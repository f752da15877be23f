/**
 * An answer as it can be written down: what differs from run to run has one value for all, and what is long, secret or the face
 * itself is cut where the mark says so. Numbers stay as they are.
 */
import { cut } from '../../src/site/recordings.ts'

/** Seconds of a lockout that has just begun. */
export const settledWait = '30'

const settledTime = '2026-01-31T12:00:00.000Z'
/** Times nearer to now than this are those of the recording. */
const recentMs = 3_600_000

/** What a text in a field of this name is replaced by, here or in a list. */
const settled: Readonly<Record<string, string>> = {
  requestId: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
  challenge: 'cut-from-the-page-43-characters-as-it-comes',
  session: `p${cut.text}`,
  token: `session.1.${cut.text}`,
  sha256: '0'.repeat(64),
  x: `the public key in base64url${cut.text}`,
  encodings: `128 numbers in base64${cut.text}`,
}

/** Characters of a receipt that are shown: they are of its header, and the same in all. */
const receiptCharacters = 30

/** What a list in a field of this name is replaced by, as far as it goes: it is drawn anew each time. */
const settledLists = {
  poses: ['ahead', 'left', 'up'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The same list in the words of a refusal. */
const drawnPoses = /expected \d+(: one for each pose, in order )\([^)]*\)/

/** Entries that are shown of a list in a field of this name. */
const shownEntries: Readonly<Record<string, number>> = { landmarks: 2, encoding: 3 }

/** @param name of the field that it stands in */
export function settle(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return settleText(value, name)
  if (Array.isArray(value)) return settleList(value, name)
  if (!(value instanceof Object)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, settle(part, key)]))
}

function settleText(text: string, name: string): string {
  const replaced = settled[name]
  if (replaced !== undefined) return replaced
  if (name === 'receipt') return text.slice(0, receiptCharacters) + cut.text
  if (name === 'detail') {
    const { poses } = settledLists
    return text
      .replace(/\d+ s\.$/, `${settledWait} s.`)
      .replace(drawnPoses, `expected ${poses.length}$1(${poses.join(', ')})`)
  }
  return isRecent(text) ? settledTime : text
}

function settleList(list: readonly unknown[], name: string): unknown[] {
  const replaced: readonly string[] | undefined = new Map(Object.entries(settledLists)).get(name)
  if (replaced !== undefined) return replaced.slice(0, list.length)
  const shown = shownEntries[name] ?? list.length
  const kept = list.slice(0, shown).map((entry) => settle(entry, name))
  return shown < list.length ? [...kept, cut.entries(list.length - shown)] : kept
}

function isRecent(text: string): boolean {
  const isTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)
  return isTime && Math.abs(Date.parse(text) - Date.now()) < recentMs
}
