import { describe, expect, it, vi } from 'vitest'
import { keepFor } from '../../src/lib/keep-for.ts'

function create(work: (argument: object) => Promise<number>) {
  let nowMs = 0
  const kept = keepFor(1000, () => nowMs, work)
  const wait = (ms: number) => {
    nowMs += ms
  }
  return { kept, wait }
}
const one = {}
const two = {}

describe('an outcome', () => {
  it('is found out once in a while', async () => {
    const work = vi.fn(async () => 5)
    const { kept, wait } = create(work)
    expect([await kept(one), await kept(one)]).toEqual([5, 5])
    expect(work).toHaveBeenCalledTimes(1)
    wait(999)
    await kept(one)
    expect(work).toHaveBeenCalledTimes(1)
    wait(1)
    await kept(one)
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('that is a failure is kept too, and no longer', async () => {
    const work = vi.fn(async () => 5).mockRejectedValueOnce(new Error('down'))
    const { kept, wait } = create(work)
    await expect(kept(one)).rejects.toThrow('down')
    await expect(kept(one)).rejects.toThrow('down')
    wait(1000)
    expect(await kept(one)).toBe(5)
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('is another one for another argument', async () => {
    const work = vi.fn(async (argument: object) => (argument === one ? 1 : 2))
    const { kept } = create(work)
    expect([await kept(one), await kept(two)]).toEqual([1, 2])
  })

  it('is waited for by whoever comes meanwhile', async () => {
    const work = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return 5
    })
    const { kept } = create(work)
    expect(await Promise.all([kept(one), kept(one), kept(one)])).toEqual([5, 5, 5])
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('that never comes keeps nobody for ever', async () => {
    const work = vi
      .fn(async () => 5)
      .mockImplementationOnce(() => new Promise<number>(() => undefined))
    const { kept } = create(work)
    void kept(one)
    expect(await kept(one)).toBe(5)
  })
})
