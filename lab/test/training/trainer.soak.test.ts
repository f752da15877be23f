import { afterEach, describe, expect, it } from 'vitest'
import { syntheticPeople } from '../../../test/support/faces/synthetic-people.ts'
import { seededWeights } from '../../../test/support/networks/seeded-weights.ts'
import { tinyNetwork } from '../../../test/support/networks/tiny-network.ts'
import { plain } from '../../training/photos/augment.ts'
import { type StartOptions, startTraining } from '../../training/start-training.ts'
import {
  measureStatistics,
  rateAt,
  type Training,
  type TrainOptions,
  trainEpoch,
} from '../../training/trainer.ts'
import { drawPairs, verify } from '../../training/verification.ts'

const photos = syntheticPeople(16, 4, 12)
const everyPhoto = photos.names.map((_, photo) => photo)

let running: Training[] = []
afterEach(async () => {
  for (const { learners } of running) await learners.stop()
  running = []
})

async function start(more: Partial<StartOptions> = {}): Promise<Training> {
  const training = await startTraining({
    table: tinyNetwork,
    from: null,
    tensors: seededWeights(tinyNetwork),
    photos,
    trainPhotos: everyPhoto.slice(0, 40),
    otherPhotos: everyPhoto.slice(40),
    augmentation: { ...plain, mirror: true, light: 0.1 },
    variants: 0,
    seed: 3,
    threads: 2,
    ...more,
  })
  running.push(training)
  return training
}

const options: TrainOptions = {
  batch: { people: 5, photos: 4 },
  mining: 'batch-all',
  margin: 0.2,
  rate: 0.01,
  schedule: 'cosine',
  decay: 0,
  epochs: 6,
  seed: 3,
  only: null,
  variants: 0,
}

async function epochs(training: Training, from: number, to: number, more = {}) {
  const results = []
  for (let epoch = from; epoch < to; epoch++) {
    results.push(await trainEpoch(training, { ...options, ...more }, epoch))
  }
  return results
}

describe('trainEpoch', () => {
  it('brings photos of one person together and of different people apart', async () => {
    const training = await start()
    const pairs = drawPairs(training.photos, photos.people, 1)
    const before = await verify(training.learners, pairs)
    const results = await epochs(training, 0, 30, { epochs: 30 })
    expect(results.at(-1)!.active).toBeLessThan(results[0]!.active / 2)
    const after = await verify(training.learners, pairs)
    expect(before.area).toBeLessThan(0.95)
    expect(after.area).toBeGreaterThan(0.98)
  })

  it('gives the same numbers in every run on as many threads, other ones for another seed', async () => {
    const [one, same, other] = [await start(), await start(), await start()]
    await epochs(one, 0, 2)
    await epochs(same, 0, 2)
    await epochs(other, 0, 2, { seed: 4 })
    expect(one.parameters.values).toEqual(same.parameters.values)
    expect(one.parameters.values).not.toEqual(other.parameters.values)
  })

  it('goes on from parameters and the state of Adam as if it had not stopped', async () => {
    const whole = await start()
    await epochs(whole, 0, 3)
    const first = await start()
    await epochs(first, 0, 1)
    const second = await start()
    second.parameters.values.set(first.parameters.values)
    second.adam.steps = first.adam.steps
    second.adam.first.set(first.adam.first)
    second.adam.second.set(first.adam.second)
    await epochs(second, 1, 3)
    expect(second.parameters.values).toEqual(whole.parameters.values)
  })

  it('leaves alone what lies before the layer that is trained first', async () => {
    const training = await start({ from: 'scaled', variants: 2 })
    const before = training.parameters.values.slice()
    await epochs(training, 0, 1, { variants: 2 })
    const changed = [...training.parameters.views].flatMap(([name, values]) => {
      const first = values.byteOffset / 4
      return values.some((value, i) => value !== before[first + i]) ? [name] : []
    })
    // The bias of `last` goes away with the mean of the batch.
    expect(changed).toEqual(
      [...training.parameters.views.keys()].filter(
        (name) => /^(scaled|bare|last|dense)/.test(name) && name !== 'last_b',
      ),
    )
  })

  it('moves no other tensors than those it is told to', async () => {
    const training = await start()
    const before = training.parameters.values.slice()
    await epochs(training, 0, 1, { only: ['bare_w', 'dense_b'] })
    for (const [name, values] of training.parameters.views) {
      const first = values.byteOffset / 4
      const isChanged = values.some((value, i) => value !== before[first + i])
      const isStatistic = /_bn_[mv]$/.test(name)
      expect([name, isChanged]).toEqual([
        name,
        isStatistic || name === 'bare_w' || name === 'dense_b',
      ])
    }
  })

  it('gives the same from kept outputs of frozen layers as from photos', async () => {
    const kept = await start({ from: 'scaled', variants: 1 })
    const pairs = drawPairs(everyPhoto, photos.people, 1)
    const all = await start()
    const [a, b] = [await verify(kept.learners, pairs), await verify(all.learners, pairs)]
    expect(a.area).toBeCloseTo(b.area, 6)
  })

  it('says that encodings are not finite instead of going on', async () => {
    const training = await start()
    training.parameters.values.fill(Number.NaN)
    await expect(trainEpoch(training, options, 0)).rejects.toThrow(
      'encodings are not finite in epoch 1; try a lower --rate',
    )
  })
})

describe('learners', () => {
  it('have no part in the gradient of a batch that has no photo for them', async () => {
    const { learners, parameters } = await start({ threads: 3 })
    const step = async (count: number) => {
      const items = everyPhoto.slice(0, count).map((photo) => ({ photo, variant: 0 }))
      const { encodings } = await learners.forward(items)
      await learners.backward(new Float32Array(encodings.length).fill(1))
      return learners.gradients.map((values) => values.some((value) => value !== 0))
    }
    expect(await step(6)).toEqual([true, true, true])
    expect(await step(2)).toEqual([true, true, false])
    expect(learners.gradients[0]).toHaveLength(parameters.values.length)
  })
})

describe('drawPairs', () => {
  it('draws as many pairs of two people as of one, and none where a kind is lacking', () => {
    const pairs = drawPairs(everyPhoto, photos.people, 1)
    const same = pairs.filter((pair) => pair.same)
    expect(same).toHaveLength(16 * 6)
    expect(pairs).toHaveLength(2 * same.length)
    for (const { left, right, same } of pairs) {
      expect(photos.people[left] === photos.people[right]).toBe(same)
    }
    expect(drawPairs([0, 1, 2], ['ada', 'ada', 'ada'], 1)).toEqual([])
    expect(drawPairs([0, 1, 2], ['ada', 'bea', 'cleo'], 1)).toEqual([])
  })
})

describe('measureStatistics', () => {
  it('gives norms behind drawn filters the statistics of the photos', async () => {
    const tensors = seededWeights(tinyNetwork)
    tensors.get('last_w')!.forEach((value, i, all) => {
      all[i] = value * 50
    })
    const training = await start({ tensors })
    const before = training.parameters.views.get('last_bn_v')!.slice()
    await measureStatistics(training)
    const after = training.parameters.views.get('last_bn_v')!
    expect(after.every((value, c) => value > 20 * before[c]!)).toBe(true)
    // Measured again they are the same: nothing else has changed.
    const first = training.parameters.values.slice()
    await measureStatistics(training)
    training.parameters.values.forEach((value, i) => {
      expect(Math.abs(value - first[i]!)).toBeLessThanOrEqual(1e-5 * Math.abs(value))
    })
  })
})

describe('rateAt', () => {
  it('rises in the first epoch and then falls along half a cosine', () => {
    expect(rateAt(options, 0)).toBeCloseTo(0.001)
    expect(rateAt(options, 0.5)).toBeCloseTo(0.005)
    expect(rateAt(options, 1)).toBeCloseTo(0.01)
    expect(rateAt(options, 3.5)).toBeCloseTo(0.005)
    expect(rateAt(options, 6)).toBeCloseTo(0)
  })

  it('stays where it is when it is constant', () => {
    for (const time of [1, 3, 5.9])
      expect(rateAt({ ...options, schedule: 'constant' }, time)).toBe(0.01)
  })
})
