import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bodyTimeoutMs, stallTimeoutMs } from '../../../src/api/request/body/body-pieces.ts'
import { readBody } from '../../../src/api/request/body/read-body.ts'

const url = 'http://facegate.test/'

/** A body that arrives in chunks; `pulled` counts how many were asked for. */
function chunked(chunks: number, bytesPerChunk: number, headers: HeadersInit = {}) {
  const state = { pulled: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.pulled === chunks) return controller.close()
        controller.enqueue(new Uint8Array(bytesPerChunk).fill(++state.pulled))
      },
      cancel() {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request(url, { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
  return { request, state }
}

const tooLarge = expect.objectContaining({ code: 'image_too_large' })

describe('readBody', () => {
  it('gives the body as sent, in whatever chunks it came', async () => {
    const { request } = chunked(300, 1000)
    const bytes = await readBody(request, 300_000)
    expect(bytes).toHaveLength(300_000)
    expect(bytes.every((byte, i) => byte === (Math.floor(i / 1000) + 1) % 256)).toBe(true)
  })

  it('gives nothing for a request without a body', async () => {
    expect(await readBody(new Request(url), 10)).toHaveLength(0)
  })

  it('takes a body of exactly the limit, and not one byte more', async () => {
    expect(await readBody(chunked(10, 10).request, 100)).toHaveLength(100)
    await expect(readBody(chunked(10, 10).request, 99)).rejects.toEqual(tooLarge)
  })

  it('stops reading at the limit, and leaves the connection open for the answer', async () => {
    const { request, state } = chunked(1000, 10)
    await expect(readBody(request, 95)).rejects.toEqual(tooLarge)
    expect(state.pulled).toBeLessThan(15)
    expect(state.cancelled).toBe(false)
  })

  it('refuses a declared length over the limit without reading', async () => {
    const { request, state } = chunked(1, 10, { 'Content-Length': '101' })
    await expect(readBody(request, 100)).rejects.toEqual(tooLarge)
    expect(state.pulled).toBeLessThanOrEqual(1)
    expect(state.cancelled).toBe(false)
  })

  it('counts bytes whatever the declared length says', async () => {
    const lying = chunked(100, 10, { 'Content-Length': '10' })
    await expect(readBody(lying.request, 500)).rejects.toEqual(tooLarge)
    const short = chunked(3, 10, { 'Content-Length': '90' })
    expect(await readBody(short.request, 100)).toHaveLength(30)
  })

  it.each(['', '-1', '1e9', 'many', '9'.repeat(30)])(
    'passes over the length %j',
    async (length) => {
      const { request } = chunked(3, 10, { 'Content-Length': length })
      expect(await readBody(request, 100)).toHaveLength(30)
    },
  )

  it('holds no chunk once it is copied', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const sent: WeakRef<Uint8Array>[] = []
    let held = 0
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const chunk = new Uint8Array(1000)
          sent.push(new WeakRef(chunk))
          controller.enqueue(chunk)
          if (sent.length < 100) return
          await sleep(1)
          collect()
          await sleep(1)
          held = sent.filter((chunk) => chunk.deref() !== undefined).length
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(await readBody(request, 100_000)).toHaveLength(100_000)
    expect(held).toBeLessThan(10)
  })

  it('tells a body that breaks off', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('connection reset'))
      },
    })
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    await expect(readBody(request, 100)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('a body that stops arriving', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is given up, whatever came of it before', async () => {
    vi.useFakeTimers()
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
    })
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    const reading = expect(readBody(request, 100)).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'Nothing of the body came for 30 s.',
    })
    await vi.advanceTimersByTimeAsync(stallTimeoutMs)
    await reading
  })

  it('is waited for while it comes, however slowly, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    let chunks = 0
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, stallTimeoutMs - 1))
        if (chunks++ === 3) controller.close()
        else controller.enqueue(new Uint8Array(10))
      },
    })
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    const reading = readBody(request, 100)
    await vi.advanceTimersByTimeAsync(4 * stallTimeoutMs)
    expect(await reading).toHaveLength(30)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is given up at its deadline, though a piece comes now and then', async () => {
    vi.useFakeTimers()
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 10_000))
        controller.enqueue(new Uint8Array(1))
      },
    })
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    const reading = expect(readBody(request, 100)).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'The body was not complete after 120 s.',
    })
    await vi.advanceTimersByTimeAsync(bodyTimeoutMs + 10_000)
    await reading
  })

  it('makes room for what has come, not for what is announced', async () => {
    const { request } = chunked(3, 10, { 'Content-Length': '8000000' })
    const bytes = await readBody(request, 8_000_000)
    expect(bytes).toHaveLength(30)
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(64 * 1024)
  })
})
