/** The networks that scripts know by name, and where their files lie. */
import { join } from 'node:path'
import { type Encoder, encoders } from '../../src/engine/encoders.ts'
import { pipelineNetworks } from '../../src/engine/pipeline-model.ts'
import { livenessParts } from '../../src/face/liveness.ts'
import { blazefaceFullRange } from '../../src/face/networks/blazeface-full-range.ts'
import { faceLandmark68 } from '../../src/face/networks/face-landmark-68.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { CommandFault } from '../front/fault.ts'
import { projectRoot } from '../front/project-root.ts'

export const weightsDir = join(projectRoot, 'weights')
export const buildDir = join(projectRoot, 'build')
export const shardsDir = join(buildDir, 'shards')

const encoderTables: readonly NetworkTable[] = encoders.flatMap(
  // The networks of a fused one are others' already.
  ({ parts: [{ table }, ...others] }) => (others.length === 0 ? [table] : []),
)
/** Published in half precision. */
export const detectorTable: NetworkTable = blazefaceFullRange

/** They run only where they were packed on purpose. */
export const livenessTables: readonly NetworkTable[] = livenessParts.map(({ table }) => table)

export const networks: readonly NetworkTable[] = [
  ...encoderTables,
  detectorTable,
  faceLandmark68,
  ...livenessTables,
]

/** What makes this encoder's encodings: itself, then the networks that find its faces. */
export function networksWith(encoder: Encoder): readonly NetworkTable[] {
  return pipelineNetworks(encoder)
}

export function networkNamed(name: string): NetworkTable {
  const table = networks.find((candidate) => candidate.name === name)
  if (table) return table
  throw new CommandFault(
    `there is no network "${name}"; known are ${networks.map((candidate) => candidate.name).join(', ')}`,
    2,
  )
}
