/** The house stands: rooms are small, imports run down, nothing runs in a circle (docs/architecture.md). */
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circlesOf, readImportGraph } from './support/import-graph.ts'

const maxFilesInRoom = 17

/**
 * The rooms from the top floor down. A file may import from its own room and from those below, from no room above. A room that
 * is named inside another stands on a floor of its own.
 */
const floors: readonly string[] = [
  'bench',
  'lab',
  'lab/training',
  'lab/training/photos',
  'lab/training/passes',
  'lab/training/backend',
  'lab/accuracy',
  'lab/plots',
  'lab/datasets',
  'lab/liveness',
  'lab/learning',
  'scripts',
  'scripts/contract',
  'scripts/people',
  'scripts/setup',
  'scripts/weights',
  'scripts/photos',
  'scripts/front',
  'src',
  'src/site',
  'src/api',
  'src/api/endpoints',
  'src/api/contract',
  'src/api/request',
  'src/api/answer',
  'src/people',
  'src/decision',
  'src/gallery',
  'src/gallery/kv',
  'src/gallery/packed',
  'src/gallery/vectorize',
  'src/gallery/search',
  'src/identity',
  'src/guard',
  'src/engine',
  'src/encoding',
  'src/face',
  'src/face/networks',
  'src/encoder',
  'src/network',
  'src/image/decode',
  'src/image',
  'src/lib',
  'src/errors',
  'src/site/browser',
  'client',
]

const graph = readImportGraph(['src', 'client', 'scripts', 'lab', 'bench'])

/** The innermost room that is named above. */
function floorOf(file: string): number {
  for (let room = dirname(file); room !== '.'; room = dirname(room)) {
    const floor = floors.indexOf(room)
    if (floor !== -1) return floor
  }
  throw new Error(`${file} lies in no room of the house`)
}

describe('the house', () => {
  it('is read whole: most files import others', () => {
    const importing = [...graph.values()].filter((imported) => imported.length > 0)
    expect(importing.length).toBeGreaterThan(graph.size / 2)
  })

  it(`has no room with more than ${maxFilesInRoom} files`, () => {
    const rooms = Map.groupBy(graph.keys(), (file) => dirname(file))
    rooms.delete('bench')
    const crowded = [...rooms].filter(([, files]) => files.length > maxFilesInRoom)
    expect(crowded.map(([room, files]) => `${room}: ${files.length}`)).toEqual([])
  })

  it('has no import that runs up, types included', () => {
    const upward = [...graph].flatMap(([file, imported]) =>
      imported
        .filter((other) => floorOf(other) < floorOf(file))
        .map((other) => `${file} -> ${other}`),
    )
    expect(upward).toEqual([])
  })

  it('has no circle, types included', () => {
    expect(circlesOf(graph).map((circle) => circle.join(' -> '))).toEqual([])
  })
})
