import { describe, expect, it, vi } from 'vitest'
import { startOnce } from '../../src/lib/start-once.ts'

describe('startOnce', () => {
  it('starts nothing before the first call', () => {
    const start = vi.fn(async () => 'engine')
    startOnce(start)
    expect(start).not.toHaveBeenCalled()
  })

  it('shares one start among concurrent calls and all later ones', async () => {
    const start = vi.fn(async () => ({}))
    const engine = startOnce(start)
    const [a, b] = await Promise.all([engine(), engine()])
    expect(await engine()).toBe(a)
    expect(b).toBe(a)
    expect(start).toHaveBeenCalledTimes(1)
  })

  it('fails every call that waited for a failing start, and starts afresh for the next', async () => {
    const start = vi.fn(async () => 'engine').mockRejectedValueOnce(new Error('no memory'))
    const engine = startOnce(start)
    const waiting = await Promise.allSettled([engine(), engine()])
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await engine()).toBe('engine')
    expect(start).toHaveBeenCalledTimes(2)
  })

  it('treats a start that throws at once like one that rejects', async () => {
    const start = vi.fn((): Promise<string> => {
      throw new Error('no module')
    })
    const engine = startOnce(start)
    await expect(engine()).rejects.toThrow('no module')
    await expect(engine()).rejects.toThrow('no module')
    expect(start).toHaveBeenCalledTimes(2)
  })
})
