import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeFile, sampleFile } from '../../test/support/photos/sample-photos.ts'
import { runScript } from '../../test/support/running/run-script.ts'
import { evaluate } from '../accuracy/evaluate.ts'
import { qualityPairs } from '../accuracy/write-evaluation.ts'

let images: string
let pairs: string
beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'facegate-evaluate-'))
  pairs = join(images, 'pairs.csv')
  await cp(sampleFile('ada'), join(images, 'ada', '1.jpg'))
  await cp(sampleFile('eve'), join(images, 'eve', '1.jpg'))
  await cp(probeFile, join(images, 'eve', '2.jpg'))
})
afterAll(() => rm(images, { recursive: true }))

describe('evaluate', () => {
  it('without pairs takes every two photos of one person, and everybody against everybody else', async () => {
    const evaluation = await evaluate({ images })
    expect(evaluation.measurement).toMatchObject({
      photos: 3,
      people: 2,
      missed: 0,
      genuinePairs: 1,
      impostorPairs: 4,
    })
    const threshold = evaluation.measurement.promises[0][0].threshold
    expect(evaluation.genuine[0].distance).toBeLessThan(threshold)
    expect(evaluation.impostors.near[0].distance).toBeGreaterThan(threshold)
    expect(qualityPairs(evaluation)).toHaveLength(1)
    expect(qualityPairs(evaluation)[0].right.faceSize).toBeGreaterThan(50)
  })

  it("compares a camera's photo where a list says who is on it, and else says whom it would be taken for", async () => {
    const house = await mkdtemp(join(tmpdir(), 'facegate-evaluate-house-'))
    await cp(sampleFile('ada'), join(house, 'ada.jpg'))
    await cp(sampleFile('eve'), join(house, 'eve.jpg'))
    await cp(probeFile, join(house, 'camera_0.jpg'))
    const unknown = await evaluate({ images: house })
    expect(unknown.measurement).toMatchObject({ photos: 2, people: 2, genuinePairs: 0, rates: [] })
    expect(unknown.probes).toMatchObject([
      { decision: 'match', nearest: [{ identity: 'eve' }, { identity: 'ada' }] },
    ])
    await writeFile(join(house, 'probes.csv'), 'file,person\ncamera_0.jpg,eve\n')
    const known = await evaluate({ images: house })
    // It is nobody's photo to enroll: two people by three photos, but for the pair of one person.
    expect(known.measurement).toMatchObject({
      photos: 3,
      people: 2,
      genuinePairs: 1,
      impostorPairs: 3,
    })
    expect(known.genuine[0].distance).toBeCloseTo(unknown.probes[0].nearest[0].distance, 12)
    expect(known.probes).toEqual([])
    const list = join(house, 'pairs.csv')
    await writeFile(
      list,
      'fold,left,right,same\n1,eve.jpg,camera_0.jpg,1\n1,ada.jpg,camera_0.jpg,0\n',
    )
    const listed = await evaluate({ pairs: list, images: house })
    expect(listed.measurement).toMatchObject({ photos: 3, people: 2, genuinePairs: 1 })
    await rm(house, { recursive: true })
  })

  it('measures listed pairs only, and the photos they name', async () => {
    await writeFile(pairs, 'fold,left,right,same\n1,eve/1.jpg,eve/2.jpg,1\n')
    const { measurement } = await evaluate({ pairs, images })
    expect(measurement).toMatchObject({ photos: 2, people: 1, genuinePairs: 1, impostorPairs: 0 })
  })

  it('refuses pairs that name a photo which is not there', async () => {
    await writeFile(pairs, 'fold,left,right,same\n1,eve/1.jpg,eve/9.jpg,1\n')
    await expect(evaluate({ pairs, images })).rejects.toThrow(
      `${join(images, 'eve', '9.jpg')}: the pairs name this photo, but there is no such file`,
    )
  })

  it('refuses to cross-validate pairs of a single fold', async () => {
    await writeFile(pairs, 'fold,left,right,same\n1,eve/1.jpg,eve/2.jpg,1\n')
    await expect(evaluate({ pairs, images, crossValidate: true })).rejects.toThrow(
      'cross-validation needs pairs in at least two folds',
    )
  })

  it('says in one line that there is no such list of pairs', async () => {
    const absent = join(images, 'absent.csv')
    const { status, stderr } = await runScript('evaluate', '--pairs', absent, '--images', images)
    expect(status).toBe(2)
    expect(stderr.trim()).toBe(`${absent}: there is no such file`)
  })

  it('says how it is used when it does not know where the photos are', async () => {
    const { stderr, status } = await runScript('evaluate')
    expect(stderr).toContain('usage: npm run evaluate -- [--pairs pairs.csv] --images DIR')
    expect(status).toBe(2)
  })
})
