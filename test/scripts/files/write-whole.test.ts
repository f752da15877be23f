import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  makeFolderWhole,
  makeWhole,
  partOf,
  writeWhole,
} from '../../../scripts/files/write-whole.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-whole-'))
})
afterEach(() => rm(folder, { recursive: true }))

const partBy = (file: string, id: number, machine = hostname()) => `${file}.${machine}-${id}.part`

const broken = (): Promise<never> => Promise.reject(new Error('no space left'))

describe('a file', () => {
  it('takes the place of the one before, and nothing is left beside it', async () => {
    const file = join(folder, 'note.json')
    await writeWhole(file, 'before')
    await writeWhole(file, 'now')
    expect(await readFile(file, 'utf8')).toBe('now')
    expect(await readdir(folder)).toEqual(['note.json'])
  })

  it('may be bytes, in a folder that is not there yet', async () => {
    const file = join(folder, 'deep', 'er', 'bytes.bin')
    await writeWhole(file, Uint8Array.of(0, 255, 10))
    expect([...(await readFile(file))]).toEqual([0, 255, 10])
  })

  it('is not in its place while it is written', async () => {
    const file = join(folder, 'note.json')
    await writeWhole(file, 'before')
    await makeWhole(file, async (part) => {
      await writeFile(part, 'half')
      expect(await readFile(file, 'utf8')).toBe('before')
    })
    expect(await readFile(file, 'utf8')).toBe('half')
  })

  it('stays as it was when writing fails, and the part is deleted', async () => {
    const file = join(folder, 'note.json')
    await writeWhole(file, 'before')
    const failing = makeWhole(file, async (part) => {
      await writeFile(part, 'half')
      await broken()
    })
    await expect(failing).rejects.toThrow('no space left')
    expect(await readFile(file, 'utf8')).toBe('before')
    expect(await readdir(folder)).toEqual(['note.json'])
  })

  it('is written by two processes at once, neither into what the other writes', async () => {
    const file = join(folder, 'note.json')
    const other = partBy('note.json', process.ppid)
    await writeFile(join(folder, other), 'of another process')
    await writeWhole(file, 'now')
    expect(await readdir(folder)).toEqual(['note.json', other])
    expect(await readFile(join(folder, other), 'utf8')).toBe('of another process')
  })

  it('is written where killed processes have left parts, which go, and no other file goes', async () => {
    const file = join(folder, 'note.json')
    const over = spawnSync(process.execPath, ['--version']).pid
    await writeFile(partBy(file, over), 'left')
    await writeFile(partOf(file), 'left by one of the same id')
    expect(partOf(file)).toBe(partBy(file, process.pid))
    // Of that id another machine or container may have a process that is writing.
    const others = [
      ...['note.json.part', 'note.json.old.part', `note.json.${over}.part`],
      ...[partBy('other.json', over), partBy('note.json', over, 'elsewhere')],
      partBy('note.json', process.pid, 'elsewhere'),
    ]
    for (const name of others) await writeFile(join(folder, name), 'of others')
    await writeWhole(file, 'now')
    expect(await readdir(folder)).toEqual(['note.json', ...others].sort())
    expect(await readFile(file, 'utf8')).toBe('now')
  })

  it('is not written where a folder is in its way, which keeps what it holds', async () => {
    const file = join(folder, 'note.json')
    const over = spawnSync(process.execPath, ['--version']).pid
    const folders = [partBy(file, over), partOf(file)]
    for (const name of folders) {
      await mkdir(name)
      await writeFile(join(name, 'kept'), 'by somebody')
    }
    await expect(writeWhole(file, 'now')).rejects.toThrow('EISDIR')
    for (const name of folders) expect(await readdir(name)).toEqual(['kept'])
  })

  it('that is for one user alone is readable for nobody else', async () => {
    const file = join(folder, 'keys')
    await writeFile(file, 'for all', { mode: 0o644 })
    await writeWhole(file, 'for one', 0o600)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('that is written piece by piece makes no folder, as one that was mistyped', async () => {
    const file = join(folder, 'mistyped', 'people.ndjson')
    const writing = makeWhole(file, (part) => writeFile(part, 'half'))
    await expect(writing).rejects.toThrow('ENOENT')
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a folder', () => {
  it('takes the place of the one before as a whole', async () => {
    const weights = join(folder, 'weights')
    await makeFolderWhole(weights, (part) => writeFile(join(part, 'old.csv'), '1'))
    await makeFolderWhole(weights, async (part) => {
      await writeFile(join(part, 'new.csv'), '2')
      expect(await readdir(weights)).toEqual(['old.csv'])
    })
    expect(await readdir(weights)).toEqual(['new.csv'])
    expect(await readdir(folder)).toEqual(['weights'])
  })

  it('stays as it was when filling fails, and the part is deleted', async () => {
    const weights = join(folder, 'weights')
    await makeFolderWhole(weights, (part) => writeFile(join(part, 'old.csv'), '1'))
    const failing = makeFolderWhole(weights, async (part) => {
      await writeFile(join(part, 'new.csv'), '2')
      await broken()
    })
    await expect(failing).rejects.toThrow('no space left')
    expect(await readdir(weights)).toEqual(['old.csv'])
    expect(await readdir(folder)).toEqual(['weights'])
  })
})
