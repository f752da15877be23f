import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EncodingSource } from '../../../src/encoding/encoding.ts'
import { loadTimeoutMs, shareLoad } from '../../../src/gallery/search/share-load.ts'

const m: EncodingSource = { model: 'm', encodingLength: 128 }

/** A load that the test settles. */
function pendingLoads() {
  const loads: PromiseWithResolvers<string>[] = []
  const load = vi.fn((_source: EncodingSource) => {
    const pending = Promise.withResolvers<string>()
    loads.push(pending)
    return pending.promise
  })
  return { loads, load }
}

describe('a shared load', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is one for all who ask while it runs, and another one afterwards', async () => {
    const { loads, load } = pendingLoads()
    const share = shareLoad(load)
    const both = Promise.all([share(m), share(m)])
    loads[0]!.resolve('loaded')
    expect(await both).toEqual(['loaded', 'loaded'])
    const next = share(m)
    loads[1]!.resolve('again')
    expect(await next).toBe('again')
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('is one for each model', async () => {
    const { loads, load } = pendingLoads()
    const share = shareLoad(load)
    const [one, two] = [share(m), share({ ...m, model: 'n' })]
    loads[0]!.resolve('of m')
    loads[1]!.resolve('of n')
    expect(await Promise.all([one, two])).toEqual(['of m', 'of n'])
  })

  it('is kept alive until it ends, also when it fails', async () => {
    const { loads, load } = pendingLoads()
    const kept: Promise<unknown>[] = []
    const share = shareLoad(load, (work) => kept.push(work))
    const failed = share(m)
    loads[0]!.reject(new Error('KV is down'))
    await expect(failed).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: 'KV is down' },
    })
    expect(kept).toHaveLength(1)
    await expect(kept[0]).resolves.toBeUndefined()
  })

  it('that never ends is given up, and the next who asks begins a new one', async () => {
    const { loads, load } = pendingLoads()
    const share = shareLoad(load)
    const waiting = share(m)
    const refused = expect(waiting).rejects.toMatchObject({ code: 'store_unavailable' })
    await vi.advanceTimersByTimeAsync(loadTimeoutMs)
    await refused
    const next = share(m)
    loads[1]!.resolve('loaded')
    expect(await next).toBe('loaded')
  })
})
