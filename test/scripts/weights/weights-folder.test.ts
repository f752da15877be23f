import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dlibResnet } from '../../../src/encoder/dlib-resnet.ts'
import { nn4Small2Exercise, nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import { encoderNamed } from '../../../src/engine/encoders.ts'
import {
  deleteRoots,
  inOwnRoot,
  makeRoot,
  writeExerciseFiles,
} from '../../support/places/weights-root.ts'

vi.mock('../../../scripts/weights/networks.ts', async (importOriginal) =>
  inOwnRoot(await importOriginal<object>()),
)
const load = () => import('../../../scripts/weights/weights-folder.ts')

let weights: string
beforeEach(async () => {
  weights = await makeRoot()
})
afterAll(deleteRoots)

describe('where the CSV files of a network lie', () => {
  it('is weights/<network>, where nothing lies flat in weights/', async () => {
    const { defaultFolder } = await load()
    expect(await defaultFolder(nn4Small2OpenFace)).toBe(join(weights, 'nn4.small2'))
    expect(await defaultFolder(dlibResnet)).toBe(join(weights, 'dlib-resnet'))
  })

  it("is weights/ itself for both variants of the exercise's network, whose files lie flat in it", async () => {
    await writeExerciseFiles(weights)
    const { defaultFolder, listWeights } = await load()
    expect(await defaultFolder(nn4Small2OpenFace)).toBe(weights)
    expect(await defaultFolder(nn4Small2Exercise)).toBe(weights)
    expect(await defaultFolder(dlibResnet)).toBe(join(weights, 'dlib-resnet'))
    expect(await listWeights(weights)).toHaveLength(226)
  })

  it('is its own folder where both hold files', async () => {
    await writeExerciseFiles(weights)
    await writeExerciseFiles(join(weights, 'nn4.small2'))
    const { defaultFolder } = await load()
    expect(await defaultFolder(nn4Small2OpenFace)).toBe(join(weights, 'nn4.small2'))
  })

  it('holds no folders: what lies in them is read by nobody', async () => {
    await writeExerciseFiles(join(weights, 'nn4.small2', 'weights'))
    await writeExerciseFiles(weights)
    const { defaultFolder, listWeights } = await load()
    expect(await listWeights(join(weights, 'nn4.small2'))).toEqual([])
    expect(await defaultFolder(nn4Small2OpenFace)).toBe(weights)
  })

  it('names what is absent, and what is a tensor of nothing', async () => {
    await writeFile(join(weights, 'conv1_b.csv'), `${new Array(64).fill(0)}\n`)
    await writeFile(join(weights, 'notes.txt'), '')
    const { packNetwork } = await import('../../../scripts/weights/pack-network.ts')
    const { defaultFolder } = await load()
    const folder = await defaultFolder(nn4Small2OpenFace)
    const packing = packNetwork({ table: nn4Small2OpenFace, folder, precision: 'uint8' })
    const message = await packing.then(
      () => '',
      (error: Error) => error.message,
    )
    expect(message).toContain(`${weights}: 224 faults`)
    expect(message).toContain('conv1_w.csv is missing, expected shape [64, 3, 7, 7]')
    expect(message).toContain('notes.txt is read by nothing in nn4.small2, expected no such file')
    expect(message).not.toMatch(/README|dlib| {2}conv1_b/)
  })

  it('is looked for again each time unless a folder was chosen: files may move', async () => {
    await writeExerciseFiles(weights)
    const { keepChoices, readChoices } = await import('../../../scripts/weights/pack-choices.ts')
    const chosen = await readChoices(encoderNamed('nn4.small2'))
    expect(chosen[0]!.folder).toBe(weights)
    await keepChoices(chosen)
    await writeExerciseFiles(join(weights, 'nn4.small2'))
    expect((await readChoices(encoderNamed('nn4.small2')))[0]!.folder).toBe(
      join(weights, 'nn4.small2'),
    )
  })
})
