/**
 * TensorFlow's normal numbers for a given seed, so that results published with `tf.random_normal` can be checked:
 * Philox 4x32-10 (Salmon et al. 2011) keyed by the graph's seed, with the op's seed in the upper half of the counter, and
 * Box-Muller on its words (tensorflow/core/lib/random, random_distributions.h).
 */

/** @param count a multiple of 4 */
export function tensorflowNormals(count: number, graphSeed: number, opSeed: number): Float32Array {
  const values = new Float32Array(count)
  for (let group = 0; group < count / 4; group++) {
    const [a, b, c, d] = philox([group, 0, opSeed, 0], [graphSeed, 0])
    values.set([...boxMuller(a, b), ...boxMuller(c, d)], group * 4)
  }
  return values
}

type Words = [number, number, number, number]

function philox(counter: Words, key: [number, number]): Words {
  let [a, b, c, d] = counter
  let [low, high] = key
  for (let round = 0; round < 10; round++) {
    const first = BigInt(a) * 0xd2511f53n
    const second = BigInt(c) * 0xcd9e8d57n
    ;[a, b, c, d] = [
      (upper(second) ^ b ^ low) >>> 0,
      lower(second),
      (upper(first) ^ d ^ high) >>> 0,
      lower(first),
    ]
    low = (low + 0x9e3779b9) >>> 0
    high = (high + 0xbb67ae85) >>> 0
  }
  return [a, b, c, d]
}

const upper = (product: bigint): number => Number(product >> 32n)
const lower = (product: bigint): number => Number(product & 0xffffffffn)

function boxMuller(x: number, y: number): [number, number] {
  // 23 bits of the word become a fraction in [0, 1).
  const fraction = (word: number): number => (word & 0x7fffff) / 2 ** 23
  const radius = Math.sqrt(-2 * Math.log(Math.max(fraction(x), 1e-7)))
  const angle = 2 * Math.PI * fraction(y)
  return [Math.sin(angle) * radius, Math.cos(angle) * radius]
}
