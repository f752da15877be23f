import { mkdtemp, readdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { partOf } from '../../../scripts/files/write-whole.ts'
import { createKeep } from '../../liveness/kept-pieces.ts'

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'facegate-pieces-'))

/** Measures something, and counts how often. */
function measurement<T>(value: T) {
  const counted = { times: 0 }
  return {
    counted,
    measure: () => {
      counted.times++
      return value
    },
  }
}

describe('a kept piece', () => {
  it('is measured once, and read with all its types by whoever goes on', async () => {
    const folder = await newFolder()
    const value = { list: [1, 2], bytes: new Float32Array([0.5]), map: new Map([['flat', 3]]) }
    const { counted, measure } = measurement(value)
    const first = await createKeep(folder, ['a.jpg', '50 attacks'])
    expect(await first('sessions, flat print', measure)).toEqual(value)
    const again = await createKeep(folder, ['a.jpg', '50 attacks'])
    expect(await again('sessions, flat print', measure)).toEqual(value)
    expect(counted.times).toBe(1)
  })

  it('is measured anew for another piece, other photos and other counts', async () => {
    const folder = await newFolder()
    const { counted, measure } = measurement(7)
    const inputs = ['a.jpg', '50 attacks']
    await (await createKeep(folder, inputs))('turns', measure)
    await (await createKeep(folder, inputs))('photos', measure)
    await (await createKeep(folder, ['b.jpg', '50 attacks']))('turns', measure)
    await (await createKeep(folder, ['a.jpg', '60 attacks']))('turns', measure)
    await (await createKeep(folder, ['a.jpg', 'b.jpg', '50 attacks']))('turns', measure)
    expect(counted.times).toBe(5)
  })

  it('is not kept where the measurement fails', async () => {
    const folder = await newFolder()
    const keep = await createKeep(folder, [])
    const failing = keep('turns', () => Promise.reject(new Error('no face')))
    await expect(failing).rejects.toThrow('no face')
    expect(await keep('turns', () => 8)).toBe(8)
  })

  it('is measured anew where a stopped run has left it half written', async () => {
    const folder = await newFolder()
    const keep = await createKeep(folder, [])
    await keep('turns', () => 8)
    const [key] = await readdir(folder)
    const kept = join(folder, key!)
    const [file] = await readdir(kept)
    await rename(join(kept, file!), partOf(join(kept, file!)))
    await writeFile(partOf(join(kept, file!)), 'torn')
    expect(await keep('turns', () => 9)).toBe(9)
    expect(await keep('turns', () => 10)).toBe(9)
  })
})
