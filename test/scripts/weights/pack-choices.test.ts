import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { weightsDir } from '../../../scripts/weights/networks.ts'
import { encoderNamed } from '../../../src/engine/encoders.ts'
import { deleteRoots, makeRoot, ownShards } from '../../support/places/weights-root.ts'

// The choices of the project stay as they are.
vi.mock('../../../scripts/weights/networks.ts', async (importOriginal) => {
  const { inOwnRoot } = await import('../../support/places/weights-root.ts')
  return inOwnRoot(await importOriginal<object>(), ['buildDir', 'shardsDir'])
})

beforeEach(async () => {
  await makeRoot()
  vi.resetModules()
})
afterAll(deleteRoots)

const load = () => import('../../../scripts/weights/pack-choices.ts')

describe('what is chosen to pack', () => {
  it('is weights/<network> to begin with, in whole numbers, and the detector in the half precision of its source', async () => {
    const { readChoices } = await load()
    const choices = await readChoices(encoderNamed('dlib-resnet'))
    expect(choices.map(({ table, ...rest }) => ({ name: table.name, ...rest }))).toEqual(
      ['dlib-resnet', 'blazeface-full-range', 'face-landmark-68'].map((name) => ({
        name,
        folder: join(weightsDir, name),
        precision: name === 'blazeface-full-range' ? 'float16' : 'integer',
      })),
    )
  })

  it('has the liveness networks only where they are asked for, in half precision', async () => {
    const { readChoices } = await load()
    const choices = await readChoices(encoderNamed('dlib-resnet'), true)
    expect(choices.map(({ table }) => table.name)).toEqual([
      ...(await readChoices(encoderNamed('dlib-resnet'))).map(({ table }) => table.name),
      'mini-fasnet-v2',
      'mini-fasnet-v1se',
    ])
    for (const { table, ...choice } of choices.slice(-2)) {
      expect(choice).toEqual({ folder: join(weightsDir, table.name), precision: 'float16' })
    }
  })

  it('holds for both variants of nn4.small2, and is kept while another encoder is chosen', async () => {
    const { keepChoices, readChoices } = await load()
    const [nn4] = await readChoices(encoderNamed('nn4.small2'))
    expect(nn4!.folder).toBe(join(weightsDir, 'nn4.small2'))
    await keepChoices([{ ...nn4!, folder: '/my/weights', precision: 'float16' }])
    await keepChoices(await readChoices(encoderNamed('dlib-resnet')))
    const [exercise] = await readChoices(encoderNamed('nn4.small2-exercise'))
    expect(exercise).toMatchObject({
      table: { name: 'nn4.small2-exercise' },
      folder: '/my/weights',
      precision: 'float16',
    })
  })
})

describe('packedEncoder', () => {
  it("is dlib's until another was packed", async () => {
    const { keepEncoder, packedEncoder } = await import(
      '../../../scripts/weights/packed-encoder.ts'
    )
    expect((await packedEncoder()).name).toBe('dlib-resnet')
    await keepEncoder(encoderNamed('nn4.small2'))
    expect((await packedEncoder()).name).toBe('nn4.small2')
  })
})

describe('isLivenessPacked', () => {
  it('is false until the networks were packed, and again when they were left out, or where another network was packed before', async () => {
    const { isLivenessPacked, keepLiveness } = await import(
      '../../../scripts/weights/packed-liveness.ts'
    )
    expect(await isLivenessPacked()).toBe(false)
    await keepLiveness(true)
    expect(await isLivenessPacked()).toBe(true)
    await keepLiveness(false)
    expect(await isLivenessPacked()).toBe(false)
    await writeFile(join(ownShards(), 'liveness.json'), '{"packed":true}')
    expect(await isLivenessPacked()).toBe(false)
  })
})
