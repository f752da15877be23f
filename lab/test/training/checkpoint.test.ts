import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../training/checkpoint.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-checkpoint-'))
})
afterAll(() => rm(folder, { recursive: true }))

const choices = { network: 'tiny', seed: 3, batch: { people: 5, photos: 4 } }
const checkpoint: Checkpoint = {
  progress: {
    choices,
    history: [{ loss: 0.5, active: 0.25, rate: 0.01, area: 0.75 }],
    bestEpoch: 1,
    adamSteps: 17,
    start: [],
    seconds: 12.5,
  },
  parameters: randomNumbers(10, 1),
  adam: { steps: 17, first: randomNumbers(10, 2), second: randomNumbers(10, 3) },
  best: randomNumbers(10, 4),
}

describe('a checkpoint', () => {
  it('comes back number for number, also over an older one', async () => {
    const path = join(folder, 'same.bin')
    await writeCheckpoint(path, { ...checkpoint, parameters: randomNumbers(10, 9) })
    await writeCheckpoint(path, checkpoint)
    expect(await readCheckpoint(path, 10, choices)).toEqual(checkpoint)
  })

  it('is null where there is none', async () => {
    expect(await readCheckpoint(join(folder, 'none.bin'), 10, choices)).toBeNull()
  })

  it('of another run is refused, and what differs is named', async () => {
    const path = join(folder, 'other.bin')
    await writeCheckpoint(path, checkpoint)
    const other = { network: 'tiny', seed: 4, batch: { people: 5, photos: 3 } }
    await expect(readCheckpoint(path, 10, other)).rejects.toThrow(
      `${path} belongs to another run: seed was 3, is 4, ` +
        'batch was {"people":5,"photos":4}, is {"people":5,"photos":3}; ' +
        'repeat those choices, or delete it to start over',
    )
  })

  it('that is cut short, of another length or no checkpoint is refused', async () => {
    const path = join(folder, 'short.bin')
    await writeCheckpoint(path, checkpoint)
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, bytes.length - 4))
    await expect(readCheckpoint(path, 10, choices)).rejects.toThrow(
      `${path} is damaged: ${bytes.length - 4} bytes, expected ${bytes.length}`,
    )
    await writeFile(path, bytes.subarray(0, 40))
    await expect(readCheckpoint(path, 10, choices)).rejects.toThrow('is damaged: 40 bytes')
    await writeFile(path, bytes)
    await expect(readCheckpoint(path, 11, choices)).rejects.toThrow('is damaged')
    await writeFile(path, 'hello')
    await expect(readCheckpoint(path, 10, choices)).rejects.toThrow(`${path} is not a checkpoint`)
  })
})
