/**
 * Whose photos the exercise runs on: those of a folder, as images/README.md describes it, or the sample people where there is
 * none; and which photo claims to be whom.
 */
import { basename, join, relative } from 'node:path'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { byPerson, describeLeft, type Probe, readPeople } from '../../scripts/photos/people.ts'
import { sampleImagesDir, sampleProbe } from '../../scripts/setup/samples.ts'
import { type NotebookCall, notebookCalls } from './notebook.ts'

export interface Claim {
  readonly file: string
  readonly person: string
  /** What the notebook says of this call. */
  readonly notebook?: NotebookCall
}

/** Files by person. */
export type PhotosOf = ReadonlyMap<string, readonly string[]>

export interface ExercisePhotos {
  /** Where they lie, and why there. */
  readonly origin: string
  readonly people: PhotosOf
  readonly probes: readonly Probe[]
  readonly claims: readonly Claim[]
  readonly left: readonly string[]
}

const imagesDir = join(projectRoot, 'images')

/**
 * @param folder null: images/ if it holds photos of people, else the samples
 * @throws Error when the folder holds no photo of anybody
 */
export async function findExercisePhotos(folder: string | null): Promise<ExercisePhotos> {
  const source = folder ?? imagesDir
  const found = await readPeople(source)
  if (found.photos.length === 0) {
    if (folder === null) return await samplePhotos()
    throw new Error(`${folder}: there is no photo of a person`)
  }
  const people = byPerson(found.photos)
  // Without a camera's photo the door is tried with everybody's own.
  const probes = found.probes.length > 0 ? found.probes : found.photos
  const own =
    found.probes.length > 0
      ? []
      : ['no photo is called camera_0.jpg or the like: everybody comes with their own']
  return {
    origin: `${relative(process.cwd(), source) || '.'}/`,
    people,
    probes,
    claims: claimsOf(probes, [...people.keys()]),
    left: [...describeLeft({ ...found, probes: [] }), ...own],
  }
}

async function samplePhotos(): Promise<ExercisePhotos> {
  const people = byPerson((await readPeople(sampleImagesDir)).photos)
  const probes = [{ file: sampleProbe, person: 'eve' }]
  return {
    origin: 'the samples, because images/ holds no photo of a person',
    people,
    probes,
    claims: claimsOf(probes, [...people.keys()]),
    left: [],
  }
}

/** The notebook's own calls where its photos are there; else a right and a wrong claim, as far as it is known who is who. */
function claimsOf(probes: readonly Probe[], people: readonly string[]): Claim[] {
  const calls = notebookCalls.flatMap((notebook): Claim[] => {
    const probe = probes.find(({ file }) => basename(file) === notebook.photo)
    const { person } = notebook
    return probe && people.includes(person) ? [{ file: probe.file, person, notebook }] : []
  })
  if (calls.length > 0) return calls
  const { file, person = null } = probes.find((probe) => probe.person) ?? probes[0]!
  const right = person ?? people[0]!
  const wrong = people.find((other) => other !== right)
  return [right, ...(wrong === undefined ? [] : [wrong])].map((claimed) => ({
    file,
    person: claimed,
  }))
}
