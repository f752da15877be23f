import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultKeys, readDataset } from '../../scripts/photos/h5-dataset.ts'
import { makeRgbPng } from '../../test/support/photos/make-photo.ts'
import { sampleFolder, samplePeople } from '../../test/support/photos/sample-photos.ts'
import { runScript } from '../../test/support/running/run-script.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-dataset-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** One picture of one colour. */
function picture(width: number, height: number, grey: number): Uint8Array {
  return makeRgbPng({ width, height, data: new Uint8Array(width * height * 3).fill(grey) })
}

describe('npm run dataset', () => {
  it('writes photos as they are, people in the order of their names', async () => {
    const people = join(folder, 'plain')
    await mkdir(join(people, 'bea'), { recursive: true })
    await writeFile(join(people, 'bea', '1.png'), picture(20, 20, 50))
    await writeFile(join(people, 'bea', '2.png'), picture(20, 20, 60))
    await writeFile(join(people, 'ada.png'), picture(20, 20, 70))
    const out = join(folder, 'plain.h5')
    const { status, stdout } = await runScript('dataset', people, out)
    expect(stdout).toContain(`${out}: 3 images of 2 people, 20x20`)
    expect(status).toBe(0)
    const { images, shape, labels, classes } = await readDataset(out)
    expect(shape).toEqual([3, 20, 20, 3])
    expect(classes).toEqual(['ada', 'bea'])
    expect(labels).toEqual([0, 1, 1])
    expect([0, 1, 2].map((i) => images[i * 1200])).toEqual([70, 50, 60])
  })

  it('scales to --size, under the keys that are given, and says what it leaves out', async () => {
    const people = join(folder, 'mixed')
    await mkdir(people)
    await writeFile(join(people, 'ada.png'), picture(20, 20, 50))
    await writeFile(join(people, 'bea.png'), picture(44, 44, 90))
    await writeFile(join(people, 'cleo.png'), picture(20, 10, 90))
    await writeFile(join(people, 'dora.jpg'), 'not a photo')
    const out = join(folder, 'mixed.h5')
    const refused = await runScript('dataset', people, out)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain(
      'ada.png is 20 pixels wide, ' +
        join(people, 'bea.png') +
        ' 44; --size N scales them to one size',
    )
    const keys = ['--images-key', 'x', '--labels-key', 'y', '--classes-key', 'names']
    const { status, stdout } = await runScript('dataset', people, out, '--size', '10', ...keys)
    expect(status).toBe(0)
    expect(stdout).toContain('2 images of 2 people, 10x10')
    expect(stdout).toContain('cleo.png: the photo is 20x10, expected a square; --align cuts one')
    expect(stdout).toMatch(/left out: .*dora\.jpg: /)
    const { images, classes } = await readDataset(out, {
      images: 'x',
      labels: 'y',
      classes: 'names',
    })
    expect(classes).toEqual(['ada', 'bea'])
    // The middle, where nothing of what lies outside comes in.
    expect(images[(5 * 10 + 5) * 3]).toBe(50)
    expect(images[300 + (5 * 10 + 5) * 3]).toBe(90)
  })

  it('aligns faces with --align, and leaves out photos without one', async () => {
    const people = join(folder, 'faces')
    await cp(sampleFolder, people, { recursive: true })
    await writeFile(join(people, 'nobody.png'), picture(64, 64, 128))
    const out = join(folder, 'faces.h5')
    const { status, stdout } = await runScript('dataset', people, out, '--align')
    expect(status).toBe(0)
    expect(stdout).toMatch(/left out: .*nobody\.png: No face was found/)
    const { shape, classes } = await readDataset(out, defaultKeys)
    expect(shape).toEqual([samplePeople.length, 96, 96, 3])
    expect(classes).toEqual([...samplePeople])
  })

  it('says how it is used, and when nothing can be used', async () => {
    expect(await runScript('dataset', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('usage: npm run dataset'),
    })
    expect(await runScript('dataset', folder, 'out.h5', '--network', 'dlib-resnet')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--network wants --align beside it'),
    })
    const people = join(folder, 'none')
    await mkdir(people)
    await writeFile(join(people, 'ada.png'), 'not a photo')
    const { status, stderr } = await runScript('dataset', people, join(folder, 'none.h5'))
    expect(status).toBe(1)
    expect(stderr).toContain(`${people}: none of 1 photos can be used: `)
  })
})
