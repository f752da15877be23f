import { describe, expect, it } from 'vitest'
import { splitLines } from '../../src/lib/split-lines.ts'

const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes))

async function split(pieces: readonly string[], maxBytes = 10) {
  const tooLong: string[] = []
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
  const lines: (string | null)[] = []
  const numbers: number[] = []
  for await (const { number, bytes } of splitLines(stream, maxBytes, (part) => {
    tooLong.push(text(part)!)
  })) {
    lines.push(text(bytes))
    numbers.push(number)
  }
  expect(numbers).toEqual(lines.map((_, i) => i + 1))
  return { lines, tooLong: tooLong.join('') }
}

describe('splitLines', () => {
  it('gives lines without their ends, the last one with or without', async () => {
    expect((await split(['a\nbc\n\nd'])).lines).toEqual(['a', 'bc', '', 'd'])
    expect((await split(['a\nbc\n\nd\n'])).lines).toEqual(['a', 'bc', '', 'd'])
    expect((await split([])).lines).toEqual([])
    expect((await split(['\n'])).lines).toEqual([''])
  })

  it('does not care where the pieces end', async () => {
    const whole = 'first\nsecond\n\nthird'
    for (let at = 0; at < whole.length; at++) {
      const { lines } = await split([whole.slice(0, at), '', whole.slice(at)])
      expect(lines).toEqual(['first', 'second', '', 'third'])
    }
    expect((await split([...whole])).lines).toEqual(['first', 'second', '', 'third'])
  })

  it('takes a line of the longest length, and passes a longer one over whole', async () => {
    const { lines, tooLong } = await split([
      '0123456789\n01234',
      '567890',
      'more\nafter\n0123456789x',
    ])
    expect(lines).toEqual(['0123456789', null, 'after', null])
    expect(tooLong).toBe('01234567890more\n0123456789x\n')
  })

  it('says that a body broke off', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('a\nb'))
      },
      pull(controller) {
        controller.error(new Error('hung up'))
      },
    })
    const lines = splitLines(broken, 10)
    await expect(
      (async () => {
        for await (const _ of lines);
      })(),
    ).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'The body broke off before its end.',
    })
  })
})
