/** The house stands: rooms are small, imports run down, nothing runs in a circle (docs/architecture.md). */
import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { roomOf, tops } from '../scripts/docs/describe-rooms.ts'
import { circlesOf, readImportGraph } from '../scripts/docs/import-graph.ts'
import { rooms } from '../scripts/docs/rooms.ts'

const maxFilesInRoom = 17

const graph = readImportGraph(tops)

/** Counted from the top. */
const floorOf = (file: string): number => rooms.findIndex(({ path }) => path === roomOf(file))

describe('the house', () => {
  it('is read whole: most files import others', () => {
    const importing = [...graph.values()].filter((imported) => imported.length > 0)
    expect(importing.length).toBeGreaterThan(graph.size / 2)
  })

  it(`has no room with more than ${maxFilesInRoom} files`, () => {
    const files = globSync('{src,scripts,lab,client,bench,test}/**/*.*', {
      exclude: ['**/node_modules', '**/dist'],
    })
    expect(files.length).toBeGreaterThan(graph.size)
    const rooms = Map.groupBy(files, (file) => dirname(file))
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
