import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipelineHash } from '../../scripts/setup/pipeline-hash.ts'
import { shardsDir } from '../../scripts/weights/networks.ts'
import { packedModel } from '../../scripts/weights/packed-model.ts'
import { findVerification } from '../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { encodingToText } from '../../src/encoding/encoding-text.ts'
import { fakeMeasures, fakeQuality } from '../../test/support/app/fake-engine.ts'
import { copyProject, type ProjectCopy } from '../../test/support/running/project-copy.ts'
import { runScript } from '../../test/support/running/run-script.ts'
import { makePeople } from './accuracy/fit/made-up-people.ts'

/** A copy whose encodings are there already: nothing is encoded, and the project's own table is left alone. */
let project: ProjectCopy
let model: string
beforeAll(async () => {
  project = await copyProject()
  const shards = join(project.folder, 'build', 'shards')
  await cp(shardsDir, shards, { recursive: true, filter: (path) => !path.endsWith('.bin') })
  model = await packedModel()
  const kept = await makePhotos(join(project.folder, 'people'))
  const folder = join(project.folder, 'build', 'encodings')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${model}-${(await pipelineHash()).slice(0, 8)}.ndjson`), kept)
}, 60_000)
afterAll(() => rm(project.folder, { recursive: true }))

/** Photos that are none, and their lines of the kept encodings. */
async function makePhotos(folder: string): Promise<string> {
  const faces = makePeople({ lonely: 150, crowd: 30, photosEach: 3, seed: 1 })
  const lines: string[] = []
  for (const [i, { person, probe, enrolled }] of faces.entries()) {
    const content = `photo ${i} of ${person}`
    await mkdir(join(folder, person), { recursive: true })
    await writeFile(join(folder, person, `${i}.jpg`), content)
    const photo = createHash('sha256').update(content).digest('hex')
    lines.push(
      i === 0
        ? JSON.stringify({ photo, code: 'no_face' })
        : JSON.stringify({
            photo,
            single: encodingToText(probe),
            encoding: encodingToText(enrolled),
            quality: fakeQuality,
            measures: fakeMeasures,
          }),
    )
  }
  return `${lines.join('\n')}\n`
}

describe('npm run calibrate', () => {
  it('writes a table that the Worker reads, and leaves other models in it', async () => {
    const file = join(project.folder, 'src', 'decision', 'calibration.json')
    const before = JSON.parse(await readFile(file, 'utf8'))
    const other = { ...before.calibrations[0], model: 'another@00000000' }
    await writeFile(file, JSON.stringify({ format: 2, calibrations: [other] }))
    const output = await project.run(
      'calibrate',
      join(project.folder, 'people'),
      '--metric',
      'l2-cohort',
      '--data',
      'made up',
    )

    const table = readCalibrationTable(JSON.parse(await readFile(file, 'utf8')))
    expect(table.calibrations.map((calibration) => calibration.model)).toEqual([
      'another@00000000',
      model,
    ])
    const [, calibration] = table.calibrations
    expect(calibration.data).toContain('made up: 539 of 540 photos with a face, 180 people')
    expect(calibration.metric.kind).toBe('l2-cohort')
    for (const row of [...calibration.verification, ...calibration.identification]) {
      expect(row.interval[0]).toBeLessThan(row.interval[1])
    }
    const { threshold } = findVerification(table, model, { fmr: 0.001, encodings: 1 })
    const row = calibration.verification.find(
      ({ fmr, encodings }) => fmr === 0.001 && encodings === 1,
    )
    expect(threshold).toBe(row!.threshold)
    expect(output).toContain(calibration.data)
    expect(output).toContain(`written to ${file}`)
  }, 60_000)

  it('takes l2 for people too few to tell how crowded it is among everybody', async () => {
    const file = join(project.folder, 'src', 'decision', 'calibration.json')
    await project.run('calibrate', join(project.folder, 'people'))
    const table = readCalibrationTable(JSON.parse(await readFile(file, 'utf8')))
    const calibration = table.calibrations.find((found) => found.model === model)
    expect(calibration?.metric).toEqual({ kind: 'l2' })
  }, 60_000)

  it('says how it is used without a folder', async () => {
    const { stderr, status } = await runScript('calibrate')
    expect(stderr).toBe(
      'usage: npm run calibrate -- <folder of people> [--metric l2-cohort|l2] [--data "what the photos are"] [--one-person A=B,...]\n',
    )
    expect(status).toBe(2)
  })
})
