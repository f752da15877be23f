import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bestThreshold, evaluate, readPairs } from '../../scripts/evaluate.ts'
import { projectRoot } from '../../scripts/networks.ts'

const lfw = join(projectRoot, '..', 'shared', 'data', 'lfw-dev')

describe('bestThreshold', () => {
  const pair = (distance: number | null, same: boolean) => ({ distance, same })

  it('separates pairs that can be separated', () => {
    const scored = [pair(0.2, true), pair(0.4, true), pair(0.6, false), pair(0.9, false)]
    expect(bestThreshold(scored)).toEqual({ accuracy: 1, threshold: 0.4 })
  })

  it('counts a pair without a face as wrong, whatever the label', () => {
    const scored = [pair(0.2, true), pair(null, true), pair(0.6, false), pair(null, false)]
    expect(bestThreshold(scored)).toEqual({ accuracy: 0.5, threshold: 0.2 })
  })

  it('does not split equal distances', () => {
    const scored = [pair(0.5, true), pair(0.5, false), pair(0.5, false)]
    expect(bestThreshold(scored)).toEqual({ accuracy: 2 / 3, threshold: 0 })
  })
})

describe('readPairs', () => {
  it('refuses a label that is neither 0 nor 1, and says what it expects', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'pairs-')), 'pairs.csv')
    await writeFile(file, 'fold,left,right,same\n1,a.jpg,b.jpg,yes\n')
    await expect(readPairs(file)).rejects.toThrow('left, right and same (0 or 1)')
  })
})

describe.skipIf(!existsSync(lfw))('the pipeline on LFW, folds 1-3', () => {
  it('finds a face in 99.5 % of the photos and decides 98.6 % of the pairs', async () => {
    const result = await evaluate(join(lfw, 'pairs.csv'), join(lfw, 'images'))
    expect(result.photos).toBe(2320)
    expect(result.pairs).toBe(1800)
    expect(result.found / result.photos).toBeGreaterThanOrEqual(0.995)
    expect(result.bestAccuracy).toBeGreaterThanOrEqual(0.986)
  }, 600_000)
})
