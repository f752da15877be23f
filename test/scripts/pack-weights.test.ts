import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { weightsDir } from '../../scripts/weights/networks.ts'
import { packWeights } from '../../scripts/weights/pack-weights.ts'
import { faceLandmark68 } from '../../src/face/networks/face-landmark-68.ts'
import { deleteRoots, makeRoot, ownShards } from '../support/places/weights-root.ts'

// The shards of the project stay as they are: what is packed here goes to a folder of its own.
vi.mock('../../scripts/weights/networks.ts', async (importOriginal) => {
  const { inOwnRoot } = await import('../support/places/weights-root.ts')
  return inOwnRoot(await importOriginal<object>(), ['shardsDir'])
})
beforeAll(() => makeRoot())
afterAll(deleteRoots)

describe('packWeights', () => {
  const folder = join(weightsDir, faceLandmark68.name)
  const selection = [{ table: faceLandmark68, folder, precision: 'integer' as const }]

  it('names what it packed, and packs nothing twice', async () => {
    expect(await packWeights(selection)).toEqual(['face-landmark-68'])
    expect(await packWeights(selection)).toEqual([])
  })

  it('writes the module that bundles what is packed', async () => {
    const module = await readFile(join(ownShards(), 'bundle.ts'), 'utf8')
    expect(module).toContain("import index0 from './face-landmark-68.json'")
    expect(module).toContain("import shard0_0 from './face-landmark-68-0.bin'")
    expect(module).toContain(
      "'face-landmark-68': { index: index0 as ShardIndex, files: { 'face-landmark-68-0.bin': shard0_0 } }",
    )
    expect(module).not.toContain('dlib')
    expect(module).toContain('export const bundledEncoder = encoder as unknown as Encoder')
    const chosen = await readFile(join(ownShards(), 'encoder.json'), 'utf8')
    expect(JSON.parse(chosen)).toEqual({ encoder: 'dlib-resnet' })
  })

  it('gives the same shards as the ones that the Worker bundles', async () => {
    const [ours, shipped] = await Promise.all(
      [ownShards(), join(projectRoot, 'build', 'shards')].map(async (shards) =>
        JSON.parse(await readFile(join(shards, 'face-landmark-68.json'), 'utf8')),
      ),
    )
    expect(ours).toEqual(shipped)
  })
})

describe('npm run pack', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/pack-weights.ts', ...args], {
      cwd: projectRoot,
      encoding: 'utf8',
    })

  it.each([
    [['--precision', 'int4'], '--precision is "int4", expected integer, uint8, float16 or float32'],
    [['--weights', 'somewhere'], '--weights wants a --network beside it'],
    [
      ['--network', 'nn99'],
      'there is no network "nn99"; known are dlib-resnet, reid-0095, nn4.small2, nn4.small2-exercise, blazeface-full-range, face-landmark-68, mini-fasnet-v2, mini-fasnet-v1se',
    ],
    [['--variant', 'exercise'], '--variant wants --network nn4.small2 beside it'],
    [
      ['--network', 'dlib-resnet', '--variant', 'exercise'],
      '--variant wants --network nn4.small2 beside it',
    ],
    [
      ['--network', 'nn4.small2', '--variant', 'torch'],
      '--variant is "torch", expected openface or exercise',
    ],
  ])('%j says what it expected, and ends with code 2', (args, message) => {
    const { status, stderr } = run(...args)
    expect(stderr.trim()).toBe(message)
    expect(status).toBe(2)
  })

  it('says that a folder holds no weights, writes nothing, and ends with code 1', async () => {
    const index = join(projectRoot, 'build', 'shards', 'face-landmark-68.json')
    const before = await readFile(index, 'utf8')
    const { status, stderr } = run('--network', 'face-landmark-68', '--weights', 'docs')
    expect(stderr.trim()).toBe('docs: there is none of the 49 CSV files of face-landmark-68')
    expect(stderr).not.toContain('at ')
    expect(status).toBe(1)
    expect(await readFile(index, 'utf8')).toBe(before)
  })
})
