import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { genuinePairs, readPairs } from '../../datasets/pairs.ts'

let file: string
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'facegate-pairs-')), 'pairs.csv')
})
afterAll(() => rm(join(file, '..'), { recursive: true }))

async function read(text: string) {
  await writeFile(file, text)
  return readPairs(file, 'photos')
}

describe('readPairs', () => {
  it('reads columns in any order, paths below the folder', async () => {
    const pairs = await read('same,right, left ,fold\n1,a/2.jpg,a/1.jpg,3\n0,b.jpg,a/1.jpg,4\n')
    expect(pairs).toEqual([
      {
        fold: 3,
        left: join('photos', 'a', '1.jpg'),
        right: join('photos', 'a', '2.jpg'),
        same: true,
      },
      { fold: 4, left: join('photos', 'a', '1.jpg'), right: join('photos', 'b.jpg'), same: false },
    ])
  })

  it.each([
    ['a label that is neither 0 nor 1', 'fold,left,right,same\n1,a.jpg,b.jpg,yes\n'],
    ['a missing column', 'fold,left,same\n1,a.jpg,1\n'],
    ['a file without a header', '1,a.jpg,b.jpg,1\n1,a.jpg,c.jpg,0\n'],
    ['a fold that is no number', 'fold,left,right,same\none,a.jpg,b.jpg,1\n'],
    ['a fold that is left empty', 'fold,left,right,same\n,a.jpg,b.jpg,1\n'],
    ['an empty path', 'fold,left,right,same\n1,,b.jpg,1\n'],
  ])('refuses %s, and says what it expects', async (_, text) => {
    await expect(read(text)).rejects.toThrow(
      `${file}: expected the columns fold (a number), left, right and same (0 or 1) in every line`,
    )
  })

  it('leaves paths as the file has them where no folder is given', async () => {
    await writeFile(file, 'fold,left,right,same\n1,a/1.jpg,./b.jpg,0\n')
    const [pair] = await readPairs(file)
    expect(pair).toEqual({ fold: 1, left: join('a', '1.jpg'), right: 'b.jpg', same: false })
  })

  it('rejects for a file that is not there', async () => {
    await expect(readPairs(join(file, '..', 'absent.csv'))).rejects.toThrow('absent.csv')
  })

  it('refuses a file without a pair', async () => {
    await expect(read('fold,left,right,same\n')).rejects.toThrow(`${file}: there is no pair in it`)
  })
})

describe('genuinePairs', () => {
  it('has every two photos of one person once, and no pair of two people', () => {
    const photos = ['a1', 'b1', 'a2', 'a3', 'c1'].map((file) => ({ person: file[0], file }))
    expect(genuinePairs(photos).map(({ left, right, same }) => [left, right, same])).toEqual([
      ['a1', 'a2', true],
      ['a1', 'a3', true],
      ['a2', 'a3', true],
    ])
  })
})
