import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EncodedFile } from '../../../scripts/people/encode-files.ts'
import { buildDir } from '../../../scripts/weights/networks.ts'
import { fakeMeasures } from '../../../test/support/app/fake-engine.ts'
import { randomNumbers } from '../../../test/support/random.ts'
import { encodePhotos } from '../../accuracy/encoded-photos.ts'

/** What this run keeps stays apart from what the pipeline keeps. */
const { pipeline, encoded } = vi.hoisted(() => ({
  pipeline: `test${String(process.pid % 10_000).padStart(4, '0')}`,
  encoded: [] as string[],
}))

vi.mock('../../../scripts/setup/pipeline-hash.ts', () => ({ pipelineHash: async () => pipeline }))
vi.mock('../../../scripts/people/encode-files.ts', () => ({
  encodeFiles: async (
    files: readonly string[],
    _: object,
    onResult: (result: EncodedFile) => void,
  ) => {
    for (const file of files) {
      encoded.push(file)
      onResult(resultOf(file))
    }
  },
}))

const quality = {
  sharpness: 0.5,
  brightness: 0.4,
  contrast: 0.3,
  yaw: 1,
  pitch: -2,
  roll: 3,
  faceSize: 120,
}

function resultOf(file: string): EncodedFile {
  if (file.includes('wall')) return { file, error: { code: 'no_face', detail: 'none' } }
  if (file.includes('broken')) return { file, error: { code: 'internal', detail: 'out of memory' } }
  const seed = file.charCodeAt(file.length - 5)
  return {
    file,
    encoding: [...randomNumbers(128, seed)],
    single: [...randomNumbers(128, seed + 1000)],
    quality,
    measures: { ...fakeMeasures, ...quality, ...(file.includes('dark') && { brightness: 0.01 }) },
    model: 'any',
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-encoded-'))
})
beforeEach(async () => {
  encoded.length = 0
  for (const file of await keptFiles()) await rm(file)
})
afterAll(async () => {
  for (const file of await keptFiles()) await rm(file)
  await rm(folder, { recursive: true })
})

async function keptFiles(): Promise<string[]> {
  const names = await readdir(join(buildDir, 'encodings')).catch(() => [])
  return names
    .filter((name) => name.endsWith(`-${pipeline}.ndjson`))
    .map((name) => join(buildDir, 'encodings', name))
}

async function photosNamed(...names: string[]) {
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, `${name}.jpg`)
      await writeFile(file, `the photo ${name}`)
      return { person: name[0], file }
    }),
  )
}

describe('encodePhotos', () => {
  it('has both encodings of every photo with a face, and why the others have none', async () => {
    const photos = await photosNamed('a1', 'wall', 'b1')
    const { model, faces, missed } = await encodePhotos(photos)
    expect(model).toMatch(/^[\w-]+@[0-9a-f]{8}$/)
    expect(faces.map(({ file, person }) => ({ file, person }))).toEqual([photos[0], photos[2]])
    expect(faces[0].enrolled).toEqual(randomNumbers(128, '1'.charCodeAt(0)))
    expect(faces[0].probe).toEqual(randomNumbers(128, '1'.charCodeAt(0) + 1000))
    expect(faces[0].quality).toEqual(quality)
    expect(missed).toEqual([{ ...photos[1], code: 'no_face' }])
  })

  it('without the gate has every photo with a face, enrollable and not suspect', async () => {
    const photos = await photosNamed('dark1', 'a1', 'wall')
    const { faces, missed } = await encodePhotos(photos)
    expect(missed.map(({ code }) => code)).toEqual(['face_too_dark', 'no_face'])
    expect(faces[0]).toHaveProperty('suspicion')
    const ungated = await encodePhotos(photos, { isGated: false })
    expect(ungated.missed.map(({ code }) => code)).toEqual(['no_face'])
    expect(ungated.faces.map(({ file }) => file)).toEqual([photos[0]!.file, photos[1]!.file])
    for (const face of ungated.faces) {
      expect(face.enrollable).toBe(true)
      expect(face).not.toHaveProperty('suspicion')
    }
  })

  it('a second run encodes nothing and gives the same, photos without a face too', async () => {
    const photos = await photosNamed('a1', 'wall', 'b2')
    const first = await encodePhotos(photos)
    encoded.length = 0
    expect(await encodePhotos(photos)).toEqual(first)
    expect(encoded).toEqual([])
  })

  it('encodes only what is new, and a photo again when its content changed', async () => {
    const photos = await photosNamed('a1', 'b2')
    await encodePhotos(photos)
    encoded.length = 0
    const more = [...photos, ...(await photosNamed('c3'))]
    await appendFile(photos[1].file, ' retouched')
    await encodePhotos(more)
    expect(encoded).toEqual([more[1].file, more[2].file])
  })

  it('encodes a torn last line again, and loses no line that is written after it', async () => {
    const photos = await photosNamed('a1', 'b2', 'c3')
    const first = await encodePhotos(photos.slice(0, 2))
    const [kept] = await keptFiles()
    await truncate(kept, (await readFile(kept)).length - 100)
    encoded.length = 0
    const second = await encodePhotos(photos)
    expect(encoded).toEqual([photos[1].file, photos[2].file])
    expect(second.faces.slice(0, 2)).toEqual(first.faces)
    encoded.length = 0
    expect(await encodePhotos(photos)).toEqual(second)
    expect(encoded).toEqual([])
  })

  it('encodes a photo again of which a measure of the gate is missing', async () => {
    const photos = await photosNamed('a1', 'b2')
    const first = await encodePhotos(photos)
    const [kept] = await keptFiles()
    const lines = await readFile(kept, 'utf8')
    await writeFile(kept, lines.replace('"eyesVeiled"', '"eyesUnveiled"'))
    encoded.length = 0
    expect(await encodePhotos(photos)).toEqual(first)
    expect(encoded).toEqual([photos[0].file])
  })

  it('takes a fault of its own for no photo without a face', async () => {
    const photos = await photosNamed('broken')
    await expect(encodePhotos(photos)).rejects.toThrow(`${photos[0].file}: out of memory`)
  })
})
