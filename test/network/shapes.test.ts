import { expect, it } from 'vitest'
import { miniFasnetV1Se } from '../../src/face/networks/mini-fasnet.ts'
import { outputLength } from '../../src/network/shapes.ts'
import { smallEncoder } from '../support/networks/small-encoder.ts'
import { tinyNetwork } from '../support/networks/tiny-network.ts'

/** Shape by shape against what the layers really give: lab/test/training/passes/network-pass.test.ts. */
it('the length of the output is that of the last layer', () => {
  expect(outputLength(tinyNetwork)).toBe(8)
  expect(outputLength(miniFasnetV1Se)).toBe(3)
  expect(outputLength(smallEncoder(512).parts[0].table)).toBe(512)
  const picture = { ...tinyNetwork, layers: tinyNetwork.layers.slice(0, 1) }
  expect(outputLength(picture)).toBe(6 * 6 * 8)
})
