import { describe, expect, it } from 'vitest'
import { packedModel } from '../../scripts/weights/packed-model.ts'
import { encoders } from '../../src/engine/encoders.ts'
import { pipelineModel, pipelineNetworks } from '../../src/engine/pipeline-model.ts'
import { realEngine } from '../support/networks/node-models.ts'

const networks = ['dlib-resnet@00000001', 'detector@00000002', 'landmarks@00000003']

describe('the name of a model', () => {
  it('is the encoder and eight hexadecimal digits, the same each time', () => {
    const model = pipelineModel(encoders[0], networks)
    expect(model).toMatch(/^dlib-resnet@[0-9a-f]{8}$/)
    expect(pipelineModel(encoders[0], [...networks])).toBe(model)
  })

  it.each([0, 1, 2])('changes with the weights of network %i', (changed) => {
    const others = networks.map((name, i) => (i === changed ? name.replace('@0', '@1') : name))
    expect(pipelineModel(encoders[0], others)).not.toBe(pipelineModel(encoders[0], networks))
  })

  it('covers detector and landmarks beside every encoder', () => {
    for (const encoder of encoders) {
      expect(pipelineNetworks(encoder).map(({ name }) => name)).toEqual([
        ...encoder.parts.map(({ table }) => table.name),
        'blazeface-full-range',
        'face-landmark-68',
      ])
    }
  })

  it('is the same in scripts as in the engine', async () => {
    expect((await realEngine()).model).toBe(await packedModel())
  })
})
