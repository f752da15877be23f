/**
 * The people whom scenes are made of: the project's sample people, and those of a folder of LFW. Where their faces are is known from
 * how the photos were made, not from any detector, so that what is measured does not judge itself.
 */
import { basename } from 'node:path'
import { readPeople } from '../../scripts/photos/people.ts'
import { sampleImagesDir } from '../../scripts/setup/samples.ts'

export interface SourceFace {
  readonly person: string
  readonly file: string
  /** Centre and width of the face, shares of the photo's side; photos are square. */
  readonly face: { readonly x: number; readonly y: number; readonly side: number }
}

/** Seen by eye; the crops are made by scripts/setup/samples.ts. */
const sampleFaces: Readonly<Record<string, SourceFace['face']>> = {
  ada: { x: 0.46, y: 0.46, side: 0.38 },
  bea: { x: 0.5, y: 0.5, side: 0.46 },
  cleo: { x: 0.5, y: 0.5, side: 0.5 },
  dora: { x: 0.5, y: 0.5, side: 0.5 },
  eve: { x: 0.5, y: 0.5, side: 0.5 },
  fay: { x: 0.5, y: 0.5, side: 0.5 },
}

/** All faces of LFW's deep-funneled photos lie alike. */
const lfwFace = { x: 0.5, y: 0.5, side: 0.38 }

export async function sampleSources(): Promise<SourceFace[]> {
  const { photos } = await readPeople(sampleImagesDir)
  return photos.map(({ file }) => {
    const person = basename(file, '.jpg')
    const face = sampleFaces[person]
    if (!face) throw new Error(`${file}: it is not known where the face is`)
    return { person, file, face }
  })
}

/** One photo of each person; `half` 0 or 1 takes every other one, so that what is tuned on one half is checked on the other. */
export async function lfwSources(folder: string, half?: 0 | 1): Promise<SourceFace[]> {
  const first = new Map<string, string>()
  for (const { person, file } of (await readPeople(folder)).photos) {
    if (!first.has(person)) first.set(person, file)
  }
  return [...first]
    .filter((_, i) => half === undefined || i % 2 === half)
    .map(([person, file]) => ({ person, file, face: lfwFace }))
}
