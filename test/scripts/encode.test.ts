import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeChip } from '../../src/encoder/encode.ts'
import { realEngine, realModels } from '../support/networks/node-models.ts'
import { makeRgbPng } from '../support/photos/make-photo.ts'
import {
  drawImage,
  probeFile,
  readPhoto,
  sampleFile,
  sampleFolder,
  samplePeople,
} from '../support/photos/sample-photos.ts'
import { runScript } from '../support/running/run-script.ts'

interface Line {
  readonly file: string
  readonly encoding?: readonly number[]
  readonly face?: { readonly box: object; readonly rotation: number }
  readonly model?: string
  readonly error?: { readonly code: string; readonly detail: string }
}

function linesOf(stdout: string): Line[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-encode-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run encode', () => {
  it('writes one line of JSON a photo, in the order of the arguments, folders by name', async () => {
    const { stdout, stderr, status } = await runScript('encode', probeFile, sampleFolder)
    expect(status).toBe(0)
    expect(stderr).toBe('')
    const lines = linesOf(stdout)
    expect(lines.map(({ file }) => file)).toEqual([probeFile, ...samplePeople.map(sampleFile)])
    for (const { encoding, face, model, error } of lines) {
      expect(error).toBeUndefined()
      expect(encoding).toHaveLength(128)
      expect(encoding!.every(Number.isFinite)).toBe(true)
      expect(face).toMatchObject({ rotation: 0, box: { x: expect.any(Number) } })
      expect(model).toMatch(/^dlib-resnet@[0-9a-f]{8}$/)
    }
    // The same numbers as the engine gives, to the last digit.
    const engine = await realEngine()
    const { encoding } = await engine.encode(await readPhoto(probeFile), { faces: 'main' })
    expect(lines[0]!.encoding).toEqual(Array.from(encoding))
    expect(lines[0]!.model).toBe(engine.model)
  })

  it('writes a line with the error for each photo that cannot be encoded, and goes on', async () => {
    const broken = join(folder, 'broken.jpg')
    const empty = join(folder, 'empty.jpg')
    const blank = join(folder, 'blank.png')
    await writeFile(broken, (await readPhoto(probeFile)).subarray(0, 5000))
    await writeFile(empty, '')
    await writeFile(blank, makeRgbPng(drawImage(64, 64, () => [9, 9, 9])))
    const files = [broken, sampleFile('ada'), empty, blank]
    const { stdout, status } = await runScript('encode', ...files)
    const lines = linesOf(stdout)
    expect(lines.map(({ file }) => file)).toEqual(files)
    expect(lines.map(({ error }) => error?.code)).toEqual([
      'image_unreadable',
      undefined,
      'image_unreadable',
      'face_too_dark',
    ])
    expect(lines[2]!.error!.detail).toBe('The photo is empty (0 bytes).')
    expect(lines[1]!.encoding).toHaveLength(128)
    expect(Object.keys(lines[0]!).sort()).toEqual(['error', 'file'])
    expect(status).toBe(0)
  })

  it('with --align none, takes a photo for the input as it is, and refuses any other size', async () => {
    const square = join(folder, 'square.png')
    const image = drawImage(150, 150, (x, y) => [x, y, 90])
    await writeFile(square, makeRgbPng(image))
    const { stdout, status } = await runScript('encode', '--align', 'none', square, probeFile)
    const [plain, refused] = linesOf(stdout)
    expect(status).toBe(0)
    expect(Object.keys(plain!).sort()).toEqual(['encoding', 'file', 'model'])
    const { encoder } = await realModels()
    const encoding = encodeChip(encoder[0]!.network, Float32Array.from(image.data))
    expect(plain!.encoding).toEqual(Array.from(encoding))
    expect(refused!.error).toEqual({
      code: 'image_unsupported',
      detail: 'The photo is 460x460; without alignment dlib-resnet takes 150x150.',
    })
  })

  it('says how it is used when nothing is given', async () => {
    const { stdout, stderr, status } = await runScript('encode')
    expect(stderr).toBe('usage: npm run -s encode -- <photos or folders> [--align face|none]\n')
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  it('names a path that is not there, without a stack trace', async () => {
    const absent = join(folder, 'absent')
    const { stdout, stderr, status } = await runScript('encode', absent)
    expect(stderr).toBe(`${absent}: there is no such file or folder\n`)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })
})
