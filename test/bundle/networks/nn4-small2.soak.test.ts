/** The exercise's own network from CSV files to a decision: npm run pack, wrangler's bundle, workerd, /verify. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toCsv } from '../../../scripts/weights/csv.ts'
import { nn4Small2Exercise } from '../../../src/encoder/nn4-small2.ts'
import { encoderNamed } from '../../../src/engine/encoders.ts'
import { pipelineModel, pipelineNetworks } from '../../../src/engine/pipeline-model.ts'
import { sealPerson } from '../../../src/identity/sealed-person.ts'
import { parseTemplateKeys } from '../../../src/identity/template-keys.ts'
import { createVault } from '../../../src/identity/vault.ts'
import { modelName } from '../../../src/network/load.ts'
import { seededWeights } from '../../support/networks/seeded-weights.ts'
import { readPhoto, sampleFile, samplePhoto } from '../../support/photos/sample-photos.ts'
import { copyProject, type ProjectCopy } from '../../support/running/project-copy.ts'
import { bundleKeys, type RealBundle, startBundle } from '../../support/running/real-bundle.ts'

/** Between a photo and itself, averaged with its mirror image, and another person's: random weights tell people apart little. */
const threshold = 0.06
const measured = { fmr: 0.001, threshold, interval: [0, 0.01] }

let project: ProjectCopy
let packed: string
let model: string
let bundle: RealBundle

beforeAll(async () => {
  project = await copyProject()
  const weights = join(project.folder, 'my-weights')
  await mkdir(weights)
  const tensors = seededWeights(nn4Small2Exercise)
  // As the exercise's folder has them: two files more than are read.
  for (const part of ['m', 'v']) {
    tensors.set(`inception_5a_3x3_conv2_${part}`, tensors.get(`inception_5a_3x3_bn1_${part}`)!)
  }
  for (const [name, values] of tensors) {
    // Few digits, since writing and reading them is what takes the time.
    const short = values.map((value) => Math.round(value * 1e3) / 1e3)
    await writeFile(join(weights, `${name}.csv`), toCsv(short))
  }
  expect(tensors.size).toBe(226)
  const args = ['--network', 'nn4.small2', '--variant', 'exercise', '--weights', weights]
  packed = await project.run('pack', ...args)
  const { folder } = project
  const hashes: string[] = []
  for (const { name } of pipelineNetworks(encoderNamed('nn4.small2-exercise'))) {
    const file = join(folder, 'build', 'shards', `${name}.json`)
    hashes.push(modelName(JSON.parse(await readFile(file, 'utf8'))))
  }
  model = pipelineModel(encoderNamed('nn4.small2-exercise'), hashes)
  await writeFile(
    join(folder, 'src', 'decision', 'calibration.json'),
    JSON.stringify({
      format: 2,
      calibrations: [
        {
          model,
          metric: { kind: 'l2' },
          verification: [{ encodings: 1, ...measured }],
          identification: [{ people: 1, ...measured }],
          data: 'made up',
          date: '2026-11-24',
          command: 'none',
        },
      ],
    }),
  )
  bundle = await startBundle({ root: folder })
})
afterAll(async () => {
  await bundle?.server.close()
  if (project) await rm(project.folder, { recursive: true })
})

describe('nn4.small2 in the real bundle', () => {
  it('was packed, and the loss of packing measured', () => {
    expect(packed).toContain('packed nn4.small2-exercise')
    expect(packed).toContain('the encoder that runs is now nn4.small2-exercise, before dlib-resnet')
    expect(packed).toContain(`the model that runs is ${model}`)
    expect(packed).toMatch(/largest difference of an encoding to float32 weights: \d\.\d+e-\d/)
  })

  it('is the only encoder that is bundled', async () => {
    const bundled = await readFile(join(project.folder, 'build', 'shards', 'bundle.ts'), 'utf8')
    expect(bundled).toContain('nn4.small2-exercise-0.bin')
    expect(bundled).not.toContain('dlib')
  })

  it('is healthy, and /health says what runs', async () => {
    const response = await fetch(new URL('/health', bundle.url))
    const answer = await response.json()
    expect(answer).toMatchObject({ ok: true, network: 'nn4.small2-exercise', model })
  })

  it('encodes a photo to 128 numbers of length 1', async () => {
    const response = await bundle.admin.post('/encode', { image: await samplePhoto('ada') })
    const answer = await response.json<{ encoding: number[]; model: string }>()
    expect(answer.model).toBe(model)
    expect(answer.encoding).toHaveLength(128)
    expect(Math.hypot(...answer.encoding)).toBeCloseTo(1, 5)
  })

  it('verifies an enrolled person and refuses another', async () => {
    const enrolled = await bundle.admin.put('/admin/identities/cleo', [sampleFile('cleo')])
    expect(enrolled.status).toBe(201)
    const verify = async (person: 'cleo' | 'bea') => {
      const image = await readPhoto(sampleFile(person))
      return (await bundle.admin.post('/verify', { identity: 'cleo', image })).json<{
        distance: number
      }>()
    }
    const [right, wrong] = [await verify('cleo'), await verify('bea')]
    console.log(`distances: ${right.distance.toFixed(4)}, ${wrong.distance.toFixed(4)}`)
    expect(right).toMatchObject({ decision: 'match', identity: 'cleo', model, threshold })
    expect(wrong).toMatchObject({ decision: 'no_match', identity: 'cleo', model, threshold })
  })

  it('answers model_mismatch for a record of another network', async () => {
    const { PERSON } = await bundle.server.getWorker<Cloudflare.Env>().getEnv()
    const vault = await createVault(parseTemplateKeys(bundleKeys.template)!)
    const id = PERSON.idFromName('bea')
    const at = new Date().toISOString()
    const person = await sealPerson(vault, id.toString(), {
      identity: 'bea',
      version: 1,
      model: 'dlib-resnet@253d57b2',
      encodings: [new Float32Array(128).fill(0.1)],
      createdAt: at,
      updatedAt: at,
    })
    await PERSON.get(id).commit({ identity: 'bea', expectedVersion: 0, person }, Date.now())
    const response = await bundle.app.post('/verify', {
      identity: 'bea',
      image: await samplePhoto('bea'),
    })
    expect(response.status).toBe(409)
    const problem = await response.json<{ code: string; detail: string }>()
    expect(problem.code).toBe('model_mismatch')
    expect(problem.detail).toContain('dlib-resnet@253d57b2')
  })

  it('decides nothing at an UNCALIBRATED beyond the distance of its unlike faces, without a calibration', async () => {
    await writeFile(
      join(project.folder, 'src', 'decision', 'calibration.json'),
      JSON.stringify({ format: 2, calibrations: [] }),
    )
    // Its encodings have length 1, so those at a right angle are 1.414 apart.
    const bare = await startBundle({ root: project.folder, vars: { UNCALIBRATED: '1.42' } })
    const photos = { left: await samplePhoto('ada'), right: await samplePhoto('bea') }
    const response = await bare.app.post('/compare', photos)
    const problem = await response.json<{ code: string; detail: string }>()
    await bare.server.close()
    expect(problem).toMatchObject({ code: 'not_configured' })
    expect(problem.detail).toContain('UNCALIBRATED is 1.42, expected less than 1.41')
  })
})
