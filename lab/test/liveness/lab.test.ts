import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { createThresholds } from '../../../src/decision/thresholds.ts'
import { realModels } from '../../../test/support/networks/node-models.ts'
import { samplePhoto } from '../../../test/support/photos/sample-photos.ts'
import { command } from '../../lab.ts'
import { createObserver } from '../../liveness/observe.ts'
import { judgeRecordings } from '../../liveness/recordings.ts'

const prepared = async () => {
  const models = await realModels()
  const limits = createThresholds(readCalibrationTable).together(models.model)
  return { observer: await createObserver(models), limits }
}

async function recordings(files: Record<string, Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'facegate-recordings-'))
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
  return folder
}

describe('judgeRecordings', () => {
  it('says of each kind how many sequences passed, and what the others were refused for', async () => {
    const { observer, limits } = await prepared()
    const ada = await samplePhoto('ada')
    const folder = await recordings({
      'replay/one/0-ahead.jpg': ada,
      'replay/one/1-left.jpg': ada,
      'live/one/0-ahead.jpg': ada,
    })
    const [live, replay] = await judgeRecordings(observer, folder, limits)
    expect(live).toMatchObject({ kind: 'live', sequences: 1, passed: 1 })
    expect(replay).toMatchObject({ kind: 'replay', sequences: 1, passed: 0 })
    expect([...replay!.refused]).toEqual([['pose: left too_little', 1]])
  })

  it('says how files are to be called', async () => {
    const { observer, limits } = await prepared()
    const folder = await recordings({ 'live/one/first.jpg': await samplePhoto('ada') })
    await expect(judgeRecordings(observer, folder, limits)).rejects.toThrow(
      'expected a name such as 0-ahead.jpg; poses are ahead, left, right, up, down, nearer',
    )
  })
})

describe('npm run lab', () => {
  const values = { what: 'liveness', pairs: undefined, images: undefined, folder: undefined }
  const rest = { attacks: 5, out: undefined }

  it('wants pairs with their photos, or recordings', () => {
    const check = command.check! as (given: object) => string | undefined
    expect(check({ ...values, ...rest })).toBe('expected --pairs and --images, or --folder')
    expect(check({ ...values, ...rest, folder: 'f' })).toBeUndefined()
    expect(check({ ...values, ...rest, pairs: 'p', images: 'i' })).toBeUndefined()
    expect(check({ ...values, ...rest, what: 'fish' })).toContain('expected liveness')
  })
})
