import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDataset } from '../../scripts/photos/h5-dataset.ts'
import { runScript } from '../../test/support/running/run-script.ts'
import { createTrainingFolder, type TrainingFolder } from './training/training-folder.ts'

let training: TrainingFolder
let folder: string
let dataset: string
beforeAll(async () => {
  training = await createTrainingFolder()
  ;({ folder, dataset } = training)
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run train', () => {
  it('says what is wrong with command line, weights and data', async () => {
    const usage = await runScript('train', dataset)
    expect(usage).toMatchObject({ status: 2, stderr: expect.stringContaining('--out is missing') })
    const weights = ['--out', join(folder, 'x'), '--weights', training.noWeights]
    const absent = await runScript('train', dataset, ...weights)
    expect(absent.status).toBe(1)
    expect(absent.stderr).toContain('there is none of the 226 CSV files of nn4.small2')
    const keys = await runScript('train', dataset, ...weights, '--images-key', 'faces')
    expect(keys.stderr).toContain('there is no dataset "faces"; the file holds')
    const small = join(folder, 'small.h5')
    const shape = [2, 4, 4, 3] as const
    await writeDataset(small, { images: new Uint8Array(96), shape, labels: [0, 1], classes: null })
    const size = await runScript('train', small, ...weights)
    expect(size.stderr).toContain('the images are 4x4, the network takes 96x96')
    const layer = await runScript('train', ...training.optionsTo('y', '--from', 'nose'))
    expect(layer.stderr).toContain('nn4.small2 has no layer "nose"')
  })
})
