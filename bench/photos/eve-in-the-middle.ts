/** Photos of given sizes for the bench, made from a sample photo: the face keeps its share of the picture. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import encodeJpeg, { init } from '@jsquash/jpeg/encode.js'
import { compileWasm, nodeAssets } from '../../scripts/setup/node-engine.ts'
import { sampleImagesDir } from '../../scripts/setup/samples.ts'
import { createCodecs } from '../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import { warp } from '../../src/image/warp.ts'

/** Eve, scaled to the photo's height, in the middle of a grey picture. Baseline, quality 85, 4:2:0. */
export async function makeJpeg(width: number, height: number): Promise<Uint8Array> {
  const { codecs } = await nodeAssets()
  const file = await readFile(join(sampleImagesDir, 'eve.jpg'))
  const eve = await decodePhoto(new Uint8Array(file), createCodecs(codecs))
  const square = warp(eve, { a: eve.height / height, b: 0, x0: 0, y0: 0 }, height)
  const data = new Uint8ClampedArray(width * height * 4).fill(128)
  const left = Math.floor((width - height) / 2)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < height; column++) {
      const from = (row * height + column) * 3
      data.set(square.subarray(from, from + 3), (row * width + left + column) * 4)
    }
  }
  await init(await compileWasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
  const image = { width, height, data, colorSpace: 'srgb' } as Parameters<typeof encodeJpeg>[0]
  return new Uint8Array(await encodeJpeg(image, { quality: 85, progressive: false }))
}
