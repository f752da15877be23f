/**
 * The encoder's tensors as the CSV files hold them, in one file that the bench's Worker can bundle: length of the index
 * (uint32), the index as JSON, padding to 4 bytes, then float32 values. Written and read here.
 */
import * as tf from '@tensorflow/tfjs-core'

export interface UnfoldedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export function writeUnfolded(tensors: readonly UnfoldedTensor[]): Uint8Array {
  const index = new TextEncoder().encode(
    JSON.stringify(tensors.map(({ name, shape }) => ({ name, shape }))),
  )
  const start = Math.ceil((4 + index.length) / 4) * 4
  const bytes = new Uint8Array(
    start + tensors.reduce((sum, { values }) => sum + values.byteLength, 0),
  )
  new DataView(bytes.buffer).setUint32(0, index.length, true)
  bytes.set(index, 4)
  let offset = start
  for (const { values } of tensors) {
    new Float32Array(bytes.buffer, offset, values.length).set(values)
    offset += values.byteLength
  }
  return bytes
}

export function readUnfolded(file: ArrayBuffer): Map<string, tf.Tensor> {
  const length = new DataView(file).getUint32(0, true)
  const index: { name: string; shape: number[] }[] = JSON.parse(
    new TextDecoder().decode(new Uint8Array(file, 4, length)),
  )
  let offset = Math.ceil((4 + length) / 4) * 4
  return new Map(
    index.map(({ name, shape }) => {
      const count = shape.reduce((product, side) => product * side, 1)
      const tensor = tf.tensor(new Float32Array(file, offset, count), shape)
      offset += count * 4
      return [name, tensor]
    }),
  )
}
