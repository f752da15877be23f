/**
 * The FaceNet exercise's own folders copied over ours: 18 photos flat in images/, 226 CSV files flat in weights/, the h5 file in
 * datasets/. Runs in a copy of the project, against `wrangler dev`, where the exercise's files are at hand.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { drawReceiptKey } from '../../../scripts/setup/draw-receipt-key.ts'
import { toCsv } from '../../../scripts/weights/csv.ts'
import { nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import { csvTensors } from '../../../src/network/table.ts'
import { seededWeights } from '../../support/networks/seeded-weights.ts'
import { absentTensors, sharedOpenFace } from '../../support/references/shared-openface.ts'
import { freePort } from '../../support/running/free-port.ts'
import { copyProject, type ProjectCopy } from '../../support/running/project-copy.ts'

const shared = join(projectRoot, '..', 'shared', 'data')
const adminKey = 'dropped-in-admin-key'
const people = [
  ...['andrew', 'arnaud', 'benoit', 'bertrand', 'dan', 'danielle'],
  ...['felix', 'kevin', 'kian', 'sebastiano', 'tian', 'younes'],
]
/** Who is who, as the exercise's readers know; its files do not say so. */
const onCamera = ['younes', 'bertrand', 'benoit', 'bertrand', 'dan', 'arnaud']

let project: ProjectCopy
let server: ChildProcess
let url: string

describe.skipIf(!existsSync(sharedOpenFace))("the exercise's folders dropped in", () => {
  beforeAll(async () => {
    project = await copyProject()
    const { folder } = project
    // Packages' networks are imported already; nothing may be written through a link.
    await cp(join(projectRoot, 'build', 'imported'), join(folder, 'build', 'imported'), {
      recursive: true,
    })
    await unlink(join(folder, 'weights'))
    await mkdir(join(folder, 'weights'))
    await cp(join(projectRoot, 'weights', 'README.md'), join(folder, 'weights', 'README.md'))
    for (const network of ['dlib-resnet', 'blazeface-full-range', 'face-landmark-68']) {
      await symlink(join(projectRoot, 'weights', network), join(folder, 'weights', network))
    }
    for (const name of ['images', 'datasets']) {
      await mkdir(join(folder, name))
      await cp(join(projectRoot, name, 'README.md'), join(folder, name, 'README.md'))
    }
    const happyHouse = join(shared, 'happy-house')
    await cp(join(happyHouse, 'images'), join(folder, 'images'), { recursive: true })
    await cp(join(happyHouse, 'test_happy.h5'), join(folder, 'datasets', 'test_happy.h5'))
    await cp(sharedOpenFace, join(folder, 'weights'), { recursive: true })
    await writeFile(
      join(folder, '.dev.vars'),
      [
        `ADMIN_KEY=${adminKey}`,
        'APP_KEY=dropped-in-app-key',
        `TEMPLATE_KEYS=test:${btoa('k'.repeat(32))}`,
        `RECEIPT_KEYS=${drawReceiptKey()}`,
      ].join('\n'),
    )
  }, 120_000)
  afterAll(async () => {
    server?.kill()
    if (project) await rm(project.folder, { recursive: true, force: true })
  })

  it('npm run exercise computes the loss and opens the door to younes, not to benoit as kian', async () => {
    const told = await project.run('exercise')
    console.log(told)
    expect(told.match(/528\.143 {2}/g)).toHaveLength(2)
    expect(told).toContain('the database, from images/')
    expect(told).toContain(`${people.length} of ${people.length} people, encoded by dlib-resnet@`)
    const [younes, kian] = [...told.matchAll(/ {4}distance .*\n/g)].map(([line]) => line)
    expect(younes).toContain("It's younes, welcome home! The door opens.")
    expect(kian).toContain("It's not kian, please go away. The door stays closed.")
    for (const [i, person] of onCamera.entries()) {
      expect(told).toContain(`who_is_it("camera_${i}.jpg"): it's ${person}, the distance is `)
    }
    expect(told).toContain('150 photos of 64x64 in "test_set_x", labels in "test_set_y": 0, 1')
    expect(told).toContain('weights/ holds 221 of the 226 files of the FaceNet exercise')
  }, 120_000)

  it('npm run evaluate tells strangers apart and says whom the camera photos would be taken for', async () => {
    const report = await project.run('evaluate', '--images', 'images')
    console.log(report)
    expect(report).toContain('12 photos of 12 people; 0 pairs of one person, 132 of two')
    expect(report).not.toMatch(/NaN|FNMR at/)
    for (const [i, person] of onCamera.entries()) {
      expect(report).toMatch(
        new RegExp(`\\| camera_${i}\\.jpg \\| match \\| ${person} 0\\.\\d+ \\|`),
      )
    }
  }, 120_000)

  it('npm run evaluate measures the camera photos where a list says who is on them', async () => {
    const list = join(project.folder, 'images', 'probes.csv')
    const rows = onCamera.map((person, i) => `camera_${i}.jpg,${person}`)
    await writeFile(list, ['file,person', ...rows].join('\n'))
    const report = await project.run('evaluate', '--images', 'images')
    await rm(list)
    expect(report).toContain('18 photos of 12 people; 6 pairs of one person, 198 of two')
    expect(report).toMatch(/\| 1 \| 0\.001 \| .* \| 0\.00 % \| 0\.40\d\d \|/)
    expect(report).not.toContain('## Probes')
  }, 120_000)

  it('npm run enroll enrolls twelve people and leaves six camera photos as probes', async () => {
    await project.run('pack')
    url = await startWorker()
    const told = await project.run('enroll', 'images', '--url', url, '--key', adminKey)
    console.log(told)
    expect(told).toContain(
      '6 camera photos were left as probes: camera_0.jpg, camera_1.jpg, camera_2.jpg and 3 more',
    )
    expect(told).toContain('enrolled 12 of 12 people (12 photos)')
    const headers = { authorization: `Bearer ${adminKey}` }
    const response = await fetch(new URL('/admin/identities', url), { headers })
    const { identities } = await response.json<{ identities: { identity: string }[] }>()
    expect(identities.map(({ identity }) => identity).sort()).toEqual(people)
  }, 240_000)

  it('names the absent tensors with their shapes, and a file that is none', async () => {
    const stray = join(project.folder, 'weights', 'conv9_w.csv')
    await writeFile(stray, '1\n')
    const faults = await project.run('pack', '--network', 'nn4.small2').then(
      () => '',
      (error: Error) => error.message,
    )
    await rm(stray)
    console.log(faults)
    expect(faults).toContain('weights: 6 faults')
    for (const name of absentTensors)
      expect(faults).toContain(`${name}.csv is missing, expected shape [`)
    expect(faults).toContain('conv9_w.csv is read by nothing in nn4.small2, expected no such file')
  }, 120_000)

  it('packs the flat files as nn4.small2; /health is right on the server that runs, there and back', async () => {
    const seeded = seededWeights(nn4Small2OpenFace)
    for (const name of absentTensors) {
      await writeFile(join(project.folder, 'weights', `${name}.csv`), toCsv(seeded.get(name)!))
    }
    const flat = (await readdir(join(project.folder, 'weights'))).filter((name) =>
      name.endsWith('.csv'),
    )
    expect(flat).toHaveLength(csvTensors(nn4Small2OpenFace).length + 2)
    const packed = await project.run('pack', '--network', 'nn4.small2')
    console.log(packed)
    expect(packed).toContain('the encoder that runs is now nn4.small2, before dlib-resnet')
    await untilHealthy('nn4.small2')
    const told = await project.run('exercise')
    console.log(told)
    expect(told).toContain('people, encoded by nn4.small2@')
    expect(told).toMatch(/as the notebook takes it, without alignment: distance \d\.\d{6}/)
    // Five tensors are drawn: these weights tell nobody apart, and 0.7 would open to anybody.
    expect(told).toContain('66 of 66 pairs of people in the database are as near')
    expect(told).not.toContain('The door opens')

    expect(await project.run('pack', '--network', 'dlib-resnet')).toContain(
      'the encoder that runs is now dlib-resnet, before nn4.small2',
    )
    await untilHealthy('dlib-resnet')
    server.kill()
    url = await startWorker()
    expect(await health()).toMatchObject({ ok: true, network: 'dlib-resnet' })
  }, 400_000)

  it('npm run encode reads the h5 file', async () => {
    const lines = (await project.run('encode', join('datasets', 'test_happy.h5')))
      .trim()
      .split('\n')
    expect(lines).toHaveLength(150)
    const first = JSON.parse(lines[0]!)
    expect(first).toMatchObject({
      file: 'datasets/test_happy.h5#0',
      person: expect.stringMatching(/^[01]$/),
    })
  }, 240_000)
})

async function startWorker(): Promise<string> {
  const port = await freePort()
  const bin = join(project.folder, 'node_modules', '.bin', 'wrangler')
  const args = ['dev', '--ip', '127.0.0.1', '--port', `${port}`, '--log-level', 'error']
  // As `npm start -- --uncalibrated 0.7`: nobody calibrated these weights, and /health says so unless it is set.
  args.push('--var', 'UNCALIBRATED:0.7')
  server = spawn(bin, [...args, '--show-interactive-dev-session=false'], {
    cwd: project.folder,
    stdio: 'ignore',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  })
  url = `http://127.0.0.1:${port}`
  await untilHealthy('dlib-resnet')
  return url
}

interface Health {
  readonly ok?: boolean
  readonly network?: string
}

async function health(): Promise<Health> {
  const answer = await fetch(new URL('/health', url), {
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null)
  return answer === null ? {} : await answer.json<Health>().catch(() => ({}))
}

async function untilHealthy(network: string): Promise<void> {
  const deadline = Date.now() + 100_000
  let last: Health = {}
  while (Date.now() < deadline) {
    last = await health()
    if (last.ok === true && last.network === network) return
    await sleep(300)
  }
  throw new Error(`the Worker is not healthy with ${network}: ${JSON.stringify(last)}`)
}
