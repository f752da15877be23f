import { describe, expect, it } from 'vitest'
import { allEnded } from '../../src/lib/all-ended.ts'

describe('allEnded', () => {
  it('resolves to what each resolves to, in order', async () => {
    const late = Promise.withResolvers<number>()
    const ended = allEnded([late.promise, Promise.resolve(2)])
    late.resolve(1)
    expect(await ended).toEqual([1, 2])
  })

  it('throws an error only when the others have ended, and the first of the list', async () => {
    const late = Promise.withResolvers<void>()
    let isOver = false
    const failed = allEnded([
      late.promise,
      Promise.reject(new Error('first')),
      Promise.reject(new Error('second')),
    ]).finally(() => {
      isOver = true
    })
    const thrown = expect(failed).rejects.toThrow('first')
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isOver).toBe(false)
    late.resolve()
    await thrown
  })
})
