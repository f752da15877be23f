import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedLiveness } from '../../../scripts/liveness/published-liveness.ts'
import { livenessTables, shardsDir, weightsDir } from '../../../scripts/weights/networks.ts'
import { listWeights } from '../../../scripts/weights/weights-folder.ts'
import { runScript } from '../../support/running/run-script.ts'

const [first] = publishedLiveness.files

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-liveness-'))
  for (const { name } of publishedLiveness.files) await writeFile(join(folder, name), 'x')
})
afterAll(() => rm(folder, { recursive: true }))

/** Everything that a fault must leave as it is. */
const state = async () => ({
  bundle: await readFile(join(shardsDir, 'bundle.ts'), 'utf8'),
  liveness: await readFile(join(shardsDir, 'liveness.json'), 'utf8').catch(() => null),
  weights: await Promise.all(
    livenessTables.map(({ name }) => listWeights(join(weightsDir, name)).catch(() => null)),
  ),
})

it('there is a file for each network, and none is named twice', () => {
  expect(publishedLiveness.files).toHaveLength(livenessTables.length)
  expect(new Set(publishedLiveness.files.map(({ sha256 }) => sha256)).size).toBe(2)
})

describe('npm run liveness', () => {
  it.each([
    [
      'an address that cannot be reached',
      () => ['--from', 'http://127.0.0.1:9/'],
      1,
      new RegExp(
        `^http://127\\.0\\.0\\.1:9/${first!.name} cannot be reached .*; nothing was changed\\. "npm run liveness -- --from DIR" takes the files from a folder$`,
      ),
    ],
    [
      'a folder without the files',
      () => ['--from', 'no-such-folder'],
      1,
      new RegExp(`${first!.name}: there is no such file; nothing was changed$`),
    ],
    [
      'files of another version',
      () => ['--from', folder],
      1,
      new RegExp(
        `^${first!.name} is another version of the file: its SHA-256 is [0-9a-f]{64}, expected ${first!.sha256}; nothing was changed$`,
      ),
    ],
    [
      'two wishes at once',
      () => ['--from', folder, '--remove'],
      2,
      /^--from and --remove exclude each other/,
    ],
  ])('says in one line what is wrong with %s, and changes nothing', async (_, args, code, line) => {
    const before = await state()
    const { status, stdout, stderr } = await runScript('liveness', ...args())
    expect({ status, stdout }).toEqual({ status: code, stdout: '' })
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr.trim()).toMatch(line)
    expect(await state()).toEqual(before)
  })
})
