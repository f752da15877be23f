import { describe, expect, it } from 'vitest'
import { tensorsOfState } from '../../../scripts/liveness/tensors-of-state.ts'
import { miniFasnetV1Se, miniFasnetV2 } from '../../../src/face/networks/mini-fasnet.ts'
import { csvTensors, type NetworkTable } from '../../../src/network/table.ts'
import { kinds, makeState, type State } from '../../support/networks/mini-fasnet-state.ts'
import { countOf } from '../../support/networks/pack-in-memory.ts'

const input = { size: 1, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1 } as const
const one = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })

describe('the tensors of a trained network', () => {
  it.each([miniFasnetV2, miniFasnetV1Se])('fill every tensor of $name, and no other', (table) => {
    const tensors = tensorsOfState(table, makeState(kinds[table.name as keyof typeof kinds]))
    const wanted = csvTensors(table)
    expect([...tensors.keys()]).toEqual(wanted.map(({ name }) => name))
    for (const { name, shape } of wanted)
      expect(tensors.get(name), name).toHaveLength(countOf(shape))
  })

  it('have their batch normalisation in the layer before it', () => {
    const table: NetworkTable = {
      name: 'small',
      input,
      layers: [{ op: 'dense', name: 'd', in: 1, out: 2, bias: true }],
    }
    const state: State = new Map([
      ['d.weight', { shape: [2, 1, 1, 1], values: Float32Array.of(3, 5) }],
      ['n.weight', one(2, 1)],
      ['n.bias', one(0.5, 0)],
      ['n.running_mean', one(1, 0)],
      ['n.running_var', one(4 - 1e-5, 1 - 1e-5)],
    ])
    const tensors = tensorsOfState(table, state)
    expect(tensors.get('d_w')).toEqual(Float32Array.of(3, 5))
    expect(tensors.get('d_b')).toEqual(Float32Array.of(-0.5, 0))
  })

  it('name the layer whose shape is another, a module that nothing reads, and a bias that none expects', () => {
    const state = makeState(kinds['mini-fasnet-v2'])
    expect(() => tensorsOfState(miniFasnetV1Se, state)).toThrow(
      /^mini-fasnet-v1se: module\.conv_3\.model\.1\.conv\.conv is \[13, 64, 1, 1\], expected \[26, 64, 1, 1\] for the layer block3_1_expand$/,
    )
    const more = new Map([...state, ['module.extra.weight', one(1)] as const])
    expect(() => tensorsOfState(miniFasnetV2, more)).toThrow(
      'mini-fasnet-v2: nothing reads module.extra',
    )
    const less = new Map([...state].slice(0, 1))
    expect(() => tensorsOfState(miniFasnetV2, less)).toThrow(
      'mini-fasnet-v2: nothing is [], expected [32] for the layer conv1_prelu',
    )
    const biased = new Map([...state, ['module.prob.bias', one(1, 0, 0)] as const])
    expect(() => tensorsOfState(miniFasnetV2, biased)).toThrow(
      'mini-fasnet-v2: logits has a bias in the file, expected none',
    )
  })
})
