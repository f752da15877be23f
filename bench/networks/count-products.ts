/** How many products of a weight and a number a network takes for one picture, as one would compute it directly. */
import { placeLayers, type Shape } from '../../src/network/shapes.ts'
import type { Layer, NetworkTable } from '../../src/network/table.ts'

export function countProducts(table: NetworkTable, height: number, width: number): number {
  return placeLayers(table, height, width).reduce(
    (sum, { layer, shape }) => sum + productsOf(layer, shape),
    0,
  )
}

function productsOf(layer: Layer, { height, width }: Shape): number {
  switch (layer.op) {
    case 'conv':
      return height * width * layer.out * layer.in * layer.kernel[0] * layer.kernel[1]
    case 'depthwise':
      return height * width * layer.channels * layer.kernel[0] * layer.kernel[1]
    case 'dense':
      return layer.in * layer.out
    default:
      return 0
  }
}
