import { beforeAll, describe, expect, it } from 'vitest'
import { ownTable } from '../../../../scripts/encoder/table-of-network.ts'
import { nodeAssets } from '../../../../scripts/setup/node-engine.ts'
import { networkOfGraph } from '../../../../scripts/weights/graphs/network-of-graph.ts'
import { readOnnx } from '../../../../scripts/weights/graphs/onnx-file.ts'
import { startBackend } from '../../../../src/network/backend.ts'
import { disposeNetwork, loadNetwork } from '../../../../src/network/load.ts'
import { toNetworkInput } from '../../../../src/network/picture.ts'
import { runNetwork } from '../../../../src/network/run.ts'
import { exportedGraphs, exportedInput } from '../../../support/networks/exported-graphs.ts'
import { makeOnnx } from '../../../support/networks/made-graph.ts'
import { packInMemory } from '../../../support/networks/pack-in-memory.ts'
/** What onnxruntime-node 1.30.0 gives for the same files and input. */
import answers from '../../../support/references/onnxruntime-answers.json' with { type: 'json' }

const asIs = { colour: 'rgb', mean: 0, divide: 1 } as const
const side = 8

beforeAll(async () => startBackend((await nodeAssets()).backend))

describe.each(Object.entries(exportedGraphs))('%s', (name, graph) => {
  const wanted = (answers as Readonly<Record<string, readonly number[]>>)[name]!
  const largest = Math.max(...wanted.map(Math.abs))

  it.each([
    ['float32, on the operations of tfjs', 'float32', 'stock', 1e-5],
    ['whole numbers, as it is packed', 'integer', 'plan', 1e-2],
  ] as const)('gives what onnxruntime gives, in %s', async (_, precision, engine, tolerance) => {
    const { table, tensors } = ownTable(
      'made-up',
      networkOfGraph(readOnnx(makeOnnx(graph)), side),
      asIs,
    )
    const network = await loadNetwork(table, await packInMemory(table, tensors, precision), engine)
    const { values } = runNetwork(network, toNetworkInput(table, [exportedInput]), [1, side, side])
    disposeNetwork(network)
    expect(values).toHaveLength(wanted.length)
    for (const [i, value] of values.entries()) {
      expect(Math.abs(value - wanted[i]!) / largest).toBeLessThan(tolerance)
    }
  })
})
