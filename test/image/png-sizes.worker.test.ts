import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startPngDecoder } from '../../src/image/decode/png/png-decoder.ts'
import { joinBytes, pngChunk } from '../support/photos/make-png.ts'

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)

/** RGB of 8 bits. @param bytes of its rows, each with its filter; those of a picture of that size unless given */
function plainPng(side: number, bytes = side * (1 + 3 * side)): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, side)
  view.setUint32(4, side)
  header.set([8, 2], 8)
  return joinBytes(
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(new Uint8Array(bytes))),
    pngChunk('IEND', new Uint8Array(0)),
  )
}

const decode = (png: Uint8Array) => startPngDecoder().decode(png, 1)

describe('a PNG in workerd', () => {
  it('is read at any size', () => {
    const sides = Array.from({ length: 128 }, (_, i) => 8 * (i + 1))
    const unread = sides.filter((side) => {
      try {
        const { width, height, data } = decode(plainPng(side))
        return width !== side || height !== side || data.length !== 3 * side * side
      } catch {
        return true
      }
    })
    expect(unread).toEqual([])
  })

  it.each([1, 1000, 1_000_000])('is refused with %i bytes too many', (more) => {
    const of = (side: number) => side * (1 + 3 * side)
    expect(() => decode(plainPng(480, of(480) + more))).toThrow(
      more > 65_536 ? 'Memory limit exceeded' : 'The PNG has pixels for another size.',
    )
  })

  it('is refused with a byte too few', () => {
    expect(() => decode(plainPng(480, 480 * (1 + 3 * 480) - 1))).toThrow(
      'The PNG has pixels for another size.',
    )
  })
})
