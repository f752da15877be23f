/** The exercise's database: everybody's photos through the checks and the encoding of an enrollment, kept in memory. */
import { readFile } from 'node:fs/promises'
import type { Thresholds } from '../../src/decision/thresholds.ts'
import type { FaceEngine } from '../../src/engine/face-engine.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { encodePhotos, requireOnePerson } from '../../src/people/encode-person.ts'
import { addEncodings } from '../../src/people/merge.ts'
import type { Door } from './door.ts'

export interface Household extends Door {
  /** Who is not enrolled, and why. */
  readonly refused: readonly { readonly person: string; readonly fault: FaceError }[]
  /** Why the door opens to nobody, whatever is decided. */
  readonly keptClosed?: string
}

/** Nobody is refused for resembling somebody else here: the exercise's database asks nobody either. */
export async function enrollHousehold(
  engine: FaceEngine,
  thresholds: Thresholds,
  photos: ReadonlyMap<string, readonly string[]>,
): Promise<Household> {
  const people = new Map<string, readonly Float32Array[]>()
  const refused: { person: string; fault: FaceError }[] = []
  for (const [person, files] of photos) {
    try {
      const outcomes = await encodePhotos(engine, await readFiles(files))
      const encoded = requireOnePerson(outcomes, [], engine, thresholds)
      const encodings = encoded.map(({ encoding }) => encoding)
      people.set(person, addEncodings([], encodings))
    } catch (error) {
      if (!(error instanceof FaceError)) throw error
      refused.push({ person, fault: error })
    }
  }
  return { model: engine.model, thresholds, people, refused }
}

async function readFiles(files: readonly string[]): Promise<Uint8Array[]> {
  return await Promise.all(files.map(async (file) => new Uint8Array(await readFile(file))))
}
