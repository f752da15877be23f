/** The rooms as a list and as a picture: which room imports which, measured from the sources. */
import { dirname } from 'node:path'
import { readImportGraph } from './import-graph.ts'
import { rooms } from './rooms.ts'

/** Tops of the project that have rooms. */
export const tops = ['src', 'client', 'scripts', 'lab', 'bench'] as const

export function describeRooms(): string {
  const width = Math.max(...rooms.map(({ path }) => path.length))
  return ['```', ...rooms.map(({ path, what }) => `${path.padEnd(width)}  ${what}`), '```'].join(
    '\n',
  )
}

/** The innermost room that a file lies in. Throws an Error when it lies in none. */
export function roomOf(file: string): string {
  for (let room = dirname(file); room !== '.'; room = dirname(room)) {
    if (rooms.some(({ path }) => path === room)) return room
  }
  throw new Error(`${file} lies in no room of the house`)
}

/** Mermaid; an arrow means "imports", and one that follows from others is left out. */
export function describeRoomPicture(): string {
  const arrows = new Map<string, Set<string>>()
  for (const [file, imported] of readImportGraph(tops)) {
    const from = pictured(roomOf(file))
    for (const other of imported) {
      const to = pictured(roomOf(other))
      if (to !== from) arrows.set(from, (arrows.get(from) ?? new Set()).add(to))
    }
  }
  const lines = rooms
    .map(({ path }) => pictured(path))
    .filter((path, i, all) => all.indexOf(path) === i)
    .flatMap((from) =>
      [...(arrows.get(from) ?? [])]
        .filter((to) => !isImplied(arrows, from, to))
        .sort()
        .map((to) => `  ${from} --> ${to}`),
    )
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n')
}

/** Rooms inside rooms are drawn as one, but for those of `src`. */
function pictured(room: string): string {
  const [top, second] = room.split('/')
  if (room.startsWith('src/site/browser')) return 'browser'
  if (top === 'src') return second ?? 'worker'
  return top!
}

function isImplied(
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): boolean {
  const reaches = (room: string, seen: Set<string>): boolean => {
    if (room === to) return true
    if (seen.has(room)) return false
    seen.add(room)
    return [...(arrows.get(room) ?? [])].some((next) => reaches(next, seen))
  }
  return [...(arrows.get(from) ?? [])].some(
    (other) => other !== to && reaches(other, new Set([from])),
  )
}
