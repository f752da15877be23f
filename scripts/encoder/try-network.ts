/** Whether a table with its tensors runs as it would be packed, before anything is written: on one grey picture, in memory. */
import { startBackend } from '../../src/network/backend.ts'
import { disposeNetwork, loadNetwork } from '../../src/network/load.ts'
import { runOnSquares } from '../../src/network/run.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { CommandFault } from '../front/fault.ts'
import { nodeAssets } from '../setup/node-engine.ts'
import { packTensors } from '../weights/pack-network.ts'

const grey = 128

/** Throws CommandFault. */
export async function tryNetwork(
  table: NetworkTable,
  tensors: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  await startBackend((await nodeAssets()).backend)
  const { size } = table.input
  try {
    const { index, files } = await packTensors(table, tensors, 'integer', '')
    const readShardFile = (file: string) => new Uint8Array(files.get(file)!).buffer
    const network = await loadNetwork(table, { index, readShardFile })
    const square = new Float32Array(size * size * 3).fill(grey)
    const { values } = runOnSquares(network, [square], [size, size])
    disposeNetwork(network)
    if (!values.every(Number.isFinite)) throw new Error('it gives numbers that are not finite')
  } catch (error) {
    throw new CommandFault(
      `${table.name} does not run here: ${error instanceof Error ? error.message : error}; nothing was changed`,
    )
  }
}
