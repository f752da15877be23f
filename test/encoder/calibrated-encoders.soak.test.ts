import { describe, expect, it } from 'vitest'
import { packedIndex } from '../../scripts/weights/packed-model.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { type Encoder, encoderNamed } from '../../src/engine/encoders.ts'
import { pipelineModel, pipelineNetworks } from '../../src/engine/pipeline-model.ts'
import { modelName } from '../../src/network/load.ts'
import { isHere, tensorsOfParts } from '../support/networks/encoder-tensors.ts'
import { packInMemory } from '../support/networks/pack-in-memory.ts'

async function modelOf(encoder: Encoder): Promise<string> {
  const names: string[] = []
  for (const [i, tensors] of (await tensorsOfParts(encoder)).entries()) {
    names.push(modelName((await packInMemory(encoder.parts[i]!.table, tensors, 'integer')).index))
  }
  for (const { name } of pipelineNetworks(encoder).slice(encoder.parts.length)) {
    names.push(modelName(await packedIndex(name)))
  }
  return pipelineModel(encoder, names)
}

describe('every row of the calibration that ships', () => {
  const rows = readCalibrationTable().calibrations.map(({ model }) => ({
    model,
    encoder: encoderNamed(model.split('@')[0]!),
  }))

  it.each(rows.filter(({ encoder }) => isHere(encoder)))(
    '$model is of the encoder as it is packed today',
    async ({ model, encoder }) => {
      expect(await modelOf(encoder)).toBe(model)
    },
  )
})
