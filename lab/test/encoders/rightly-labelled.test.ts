import { describe, expect, it } from 'vitest'
import { rightlyLabelled } from '../../encoders/rightly-labelled.ts'

const pair = (left: string, right: string, same: boolean) => ({ fold: 1, left, right, same })

describe('pairs without those that are labelled wrongly', () => {
  const pairs = [
    pair('lfw/ada/1.jpg', 'lfw/ada/2.jpg', true),
    pair('lfw/bea/1.jpg', 'lfw/bea/2.jpg', true),
    pair('lfw/bea/1.jpg', 'lfw/ada/2.jpg', false),
    pair('lfw/ada/1.jpg', 'lfw/bea/2.jpg', false),
  ]
  const set = { metric: { kind: 'l2' as const }, faces: [], thresholds: [], pairs }

  it('lack the pairs of one person of those folders, and nothing else', () => {
    expect(rightlyLabelled(set, ['bea']).pairs).toEqual([pairs[0], pairs[2], pairs[3]])
  })

  it('are all where no folder is named, and for a name that only looks alike', () => {
    expect(rightlyLabelled(set, []).pairs).toEqual(pairs)
    expect(rightlyLabelled(set, ['be', 'lfw', '1.jpg']).pairs).toEqual(pairs)
  })
})
