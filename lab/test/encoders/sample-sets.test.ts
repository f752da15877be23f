import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildDir } from '../../../scripts/weights/networks.ts'
import { strangersOfSet } from '../../encoders/sample-sets.ts'

const samples = join(buildDir, 'samples', 'images')

describe('strangers of one set', () => {
  it('are all pairs of an enrolled photo with a probe of somebody else', async () => {
    expect(await strangersOfSet(samples, [0.01])).toMatchObject({ set: 'samples', pairs: 6 * 5 })
  })

  it('match the less often the stricter the rate is', async () => {
    const { matched } = await strangersOfSet(samples, [0.01, 0.001, 0.0001])
    const counts = matched.map(({ count }) => count)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  })

  it('are looked for in a folder that has photos', async () => {
    await expect(strangersOfSet('src/lib', [0.01])).rejects.toThrow('src/lib holds no photos')
  })
})
