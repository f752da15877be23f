/** How many products of a weight and a number a network takes for one picture, as one would compute it directly. */
import { placeLayers, type Shape } from './shapes.ts'
import { type Layer, type NetworkTable, outputChannels } from './table.ts'

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
    case 'project':
      return layer.in * outputChannels(layer)
    default:
      return 0
  }
}
