import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dlibResnet } from '../../../src/encoder/dlib-resnet.ts'
import { nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import type { NetworkTable } from '../../../src/network/table.ts'
import {
  deleteRoots,
  inOwnRoot,
  makeRoot,
  rootDir,
  writeExerciseFiles,
} from '../../support/places/weights-root.ts'

vi.mock('../../../scripts/weights/networks.ts', async (importOriginal) =>
  inOwnRoot(await importOriginal<object>()),
)
const load = () => import('../../../scripts/weights/misplaced-weights.ts')

let weights: string
beforeEach(async () => {
  weights = await makeRoot()
})
afterAll(deleteRoots)

describe('describeMisplaced', () => {
  it('says nothing where nothing lies flat, and nothing too deep', async () => {
    const { describeMisplaced } = await load()
    expect(await describeMisplaced('dlib-resnet')).toBeNull()
  })

  it('names the command where another encoder runs than that of the files', async () => {
    await writeExerciseFiles(weights)
    const { describeMisplaced } = await load()
    expect(await describeMisplaced('dlib-resnet')).toBe(
      'weights/ holds all 226 files of the FaceNet exercise; ' +
        '"npm run pack -- --network nn4.small2" makes them the encoder in place of dlib-resnet',
    )
    expect(await describeMisplaced('nn4.small2-exercise')).toBeNull()
  })

  it('counts the files that the network needs', async () => {
    await writeExerciseFiles(weights)
    await rm(join(weights, 'conv1_w.csv'))
    await rm(join(weights, 'inception_5a_3x3_conv2_m.csv'))
    const { describeMisplaced } = await load()
    expect(await describeMisplaced('dlib-resnet')).toBe(
      'weights/ holds 224 of the 226 files of the FaceNet exercise; of those absent the network needs 1, ' +
        'which "npm run pack -- --network nn4.small2" names',
    )
  })

  it('says that flat files are not read where the folder of the network holds files too', async () => {
    await writeExerciseFiles(weights)
    await writeExerciseFiles(join(weights, 'nn4.small2'))
    const { describeMisplaced } = await load()
    expect(await describeMisplaced('nn4.small2')).toBe(
      'weights/ holds all 226 files of the FaceNet exercise; they are not read, because weights/nn4.small2 holds files too',
    )
  })

  it.each([['weights'], ['FaceNet/weights'], ['nn4.small2/weights']])(
    'names weights/%s, where nothing is read',
    async (deeper) => {
      await writeExerciseFiles(join(weights, deeper))
      const { describeMisplaced } = await load()
      expect(await describeMisplaced('dlib-resnet')).toBe(
        `${join(weights, deeper)} holds all 226 files of the FaceNet exercise; ` +
          `they are not read there: move them to ${join(weights, 'nn4.small2')}`,
      )
    },
  )
})

describe('requireWeights', () => {
  async function faultOf(table: NetworkTable, folder: string): Promise<string> {
    const { requireWeights } = await load()
    return requireWeights(table, folder).then(
      () => '',
      (error: Error) => error.message,
    )
  }

  it.each([
    ['absent', false],
    ['empty', true],
  ])('says whose files they are, and where they go, if the own folder is %s', async (_, exists) => {
    const own = join(weights, 'nn4.small2')
    if (exists) await mkdir(own)
    expect(await faultOf(nn4Small2OpenFace, own)).toBe(
      `${own}: there is none of the 226 CSV files of nn4.small2; they are those of deeplearning.ai's FaceNet exercise: ` +
        'put them here, or flat into weights/ (weights/README.md)',
    )
  })

  it('names the folder that holds them', async () => {
    const own = join(weights, 'nn4.small2')
    await writeExerciseFiles(join(weights, 'weights'))
    await rm(join(weights, 'weights', 'conv1_w.csv'))
    expect(await faultOf(nn4Small2OpenFace, own)).toBe(
      `${own}: there is none of the 226 CSV files of nn4.small2; ${join(weights, 'weights')} holds 225: move them here`,
    )
  })

  it('looks below a folder that was named, and nowhere else', async () => {
    await writeExerciseFiles(join(weights, 'weights'))
    const named = join(rootDir(), 'downloads')
    await mkdir(named)
    expect(await faultOf(dlibResnet, named)).toBe(
      `${named}: there is none of the 117 CSV files of dlib-resnet`,
    )
    await writeExerciseFiles(join(named, 'inner'))
    expect(await faultOf(nn4Small2OpenFace, named)).toBe(
      `${named}: there is none of the 226 CSV files of nn4.small2; ${join(named, 'inner')} holds 226: move them here`,
    )
  })

  it('says nothing where one of the files is there: packing names the others', async () => {
    await writeFile(join(weights, 'dlib-resnet', 'fc_w.csv'), '')
    expect(await faultOf(dlibResnet, join(weights, 'dlib-resnet'))).toBe('')
  })

  it('says that a folder that was named is not there', async () => {
    const named = join(rootDir(), 'absent')
    expect(await faultOf(nn4Small2OpenFace, named)).toBe(
      `${named}: there is no such folder, expected one with the CSV files`,
    )
  })
})
