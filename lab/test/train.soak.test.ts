import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { readCsv } from '../../scripts/weights/csv.ts'
import { networkNamed } from '../../scripts/weights/networks.ts'
import { csvTensors } from '../../src/network/table.ts'
import { runScript } from '../../test/support/running/run-script.ts'
import { createTrainingFolder, type TrainingFolder } from './training/training-folder.ts'

let training: TrainingFolder
let folder: string
beforeAll(async () => {
  training = await createTrainingFolder()
  ;({ folder } = training)
})
afterAll(() => rm(folder, { recursive: true }))

const head = ['--head', '--variants', '2', '--epochs', '12', '--patience', '12']

const weightFiles = csvTensors(networkNamed('nn4.small2'))
  .map(({ name }) => `${name}.csv`)
  .sort()

async function resultOf(out: string): Promise<{ head: string; history: unknown; areas: unknown }> {
  const report = JSON.parse(await readFile(join(folder, out, 'run.json'), 'utf8'))
  return {
    head: await readFile(join(folder, out, 'head_w.csv'), 'utf8'),
    history: report.history,
    areas: report.measured,
  }
}

/** Starts a run and kills the process as soon as a checkpoint is there. */
async function killMidway(out: string): Promise<void> {
  const script = spawn(
    process.execPath,
    [join('lab', 'train.ts'), ...training.optionsTo(out, ...head)],
    {
      cwd: projectRoot,
      stdio: 'ignore',
    },
  )
  const ended = new Promise((resolve) => script.on('exit', (_, signal) => resolve(signal)))
  while (!existsSync(join(folder, out, 'checkpoint.bin')) && script.exitCode === null)
    await sleep(2)
  script.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  expect(existsSync(join(folder, out, 'run.json'))).toBe(false)
}

describe('npm run train', () => {
  it('trains a head, and goes on after a kill with the same result as without', async () => {
    const whole = await runScript('train', ...training.optionsTo('whole', ...head))
    expect(whole.stderr).not.toContain('Error')
    expect(whole.status).toBe(0)
    await killMidway('killed')
    const resumed = await runScript('train', ...training.optionsTo('killed', ...head))
    expect(resumed.status).toBe(0)
    expect(resumed.stdout).toMatch(/taking up after epoch \d+/)
    expect(await resultOf('killed')).toEqual(await resultOf('whole'))
    const { values, faults } = await readCsv(join(folder, 'whole', 'head_w.csv'), 128 * 128)
    expect(faults).toEqual([])
    expect(values.some((value, i) => value !== (i % 129 === 0 ? 1 : 0))).toBe(true)
    expect((await readdir(join(folder, 'whole', 'weights'))).sort()).toEqual(weightFiles)
    expect(await readdir(join(folder, 'whole'))).not.toContainEqual(expect.stringMatching(/part$/))
    const other = await runScript('train', ...training.optionsTo('killed', ...head, '--seed', '5'))
    expect(other.status).toBe(1)
    expect(other.stderr).toContain('belongs to another run: seed was 1, is 5')
  })

  it('trains from a layer on, and leaves weights that can be packed, curves and numbers', async () => {
    const from = ['--from', 'inception_5b_3x3_conv1', '--variants', '1', '--epochs', '1']
    const { status, stdout, stderr } = await runScript(
      'train',
      ...training.optionsTo('part', ...from),
    )
    expect(stderr).not.toContain('Error')
    expect(status).toBe(0)
    for (const when of ['start', 'statistics measured', 'trained']) {
      expect(stdout).toMatch(new RegExp(`validation people, ${when}: AUC [01]\\.\\d{4}`))
    }
    const weights = join(folder, 'part', 'weights')
    expect((await readdir(weights)).sort()).toEqual(weightFiles)
    const { faults } = await readCsv(join(weights, 'dense_w.csv'), 128 * 736)
    expect(faults).toEqual([])
    const report = JSON.parse(await readFile(join(folder, 'part', 'run.json'), 'utf8'))
    expect(report.history).toHaveLength(1)
    expect(report.drawn).toHaveLength(weightFiles.length)
    expect(report.people.learned).toHaveLength(6)
    expect(report.people.heldBack).toHaveLength(2)
    expect(report.counts).toMatchObject({ photos: 18, people: 6, validationPhotos: 6 })
    for (const plot of ['loss.svg', 'roc.svg']) {
      expect(await readFile(join(folder, 'part', plot), 'utf8')).toMatch(/^<svg [\s\S]+<\/svg>\n$/)
    }
  })
})
