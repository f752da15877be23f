import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { publishedLiveness } from '../../../scripts/liveness/published-liveness.ts'
import { tensorsOfState } from '../../../scripts/liveness/tensors-of-state.ts'
import { readTorchFile } from '../../../scripts/liveness/torch-file.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { livenessTables } from '../../../scripts/weights/networks.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { disposeNetwork, loadNetwork, type Network } from '../../../src/network/load.ts'
import { runNetwork } from '../../../src/network/run.ts'
import type { NetworkTable } from '../../../src/network/table.ts'
import { kinds, makeState, type State } from '../../support/networks/mini-fasnet-state.ts'
import { packInMemory } from '../../support/networks/pack-in-memory.ts'
import { randomNumbers } from '../../support/random.ts'
import { type Outputs, runState } from '../../support/references/mini-fasnet-reference.ts'

beforeAll(async () => startBackend((await nodeAssets()).backend))

const noise = randomNumbers(80 * 80 * 3, 3).map((value) => Math.round(127.5 + 127.5 * value))

function upTo({ table, ...network }: Network, layer: string): Network {
  const end = table.layers.findIndex(({ name }) => name === layer) + 1
  return { ...network, table: { ...table, layers: table.layers.slice(0, end) } }
}

/** Largest difference of each layer from the reference, as a share of the layer's largest value. */
async function compare(
  table: NetworkTable,
  state: State,
  wanted: Outputs = runState(state, noise),
): Promise<Map<string, number>> {
  const packed = await packInMemory(table, tensorsOfState(table, state))
  const network = await loadNetwork(table, packed, 'stock')
  const differences = new Map<string, number>()
  for (const [name, values] of wanted) {
    const got = runNetwork(upTo(network, name), noise, [1, 80, 80]).values
    expect(got.length, name).toBe(values.length)
    differences.set(name, largest(got.map((value, i) => value - values[i]!)) / largest(values))
  }
  disposeNetwork(network)
  return differences
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

async function expectSame(table: NetworkTable, state: State): Promise<void> {
  const differences = await compare(table, state)
  const [name, most] = [...differences].sort(([, left], [, right]) => right - left)[0]!
  console.log(`${table.name}: ${differences.size} layers, ${most.toExponential(1)} (${name})`)
  expect(differences.size).toBe(2 + 12 + 4)
  expect(most, name).toBeLessThan(1e-5)
}

describe.each(livenessTables)(
  '$name, imported and packed, against its file run by names',
  (table) => {
    const made = () => makeState(kinds[table.name as keyof typeof kinds])

    it('gives the same after every block, on seeded weights', () => expectSame(table, made()))

    it('does not where one slope of the file is another', async () => {
      const state = made()
      const name = 'module.conv1.prelu.weight'
      const { shape, values } = state.get(name)!
      const other = values.map((slope, c) => (c === 5 ? slope + 0.5 : slope))
      const changed = new Map(state).set(name, { shape, values: other })
      const differences = await compare(table, changed, runState(state, noise))
      expect(differences.get('conv1_prelu')).toBeGreaterThan(0.01)
    })
  },
)

const folder = join(projectRoot, '..', 'shared', 'data', 'minifasnet')

describe.skipIf(!existsSync(folder))('the published files', () => {
  const stateOf = (i: number): State =>
    readTorchFile(
      new Uint8Array(readFileSync(join(folder, publishedLiveness.files[i]!.name))),
    ) as State

  it.each([0, 1])('give the same after every block: %i', async (i) => {
    const state = stateOf(i)
    const table = livenessTables[i]!
    expect([...state.keys()]).toEqual([
      ...makeState(kinds[table.name as keyof typeof kinds]).keys(),
    ])
    await expectSame(table, state)
  })

  it.each([0, 1])('give nearly the same as they are packed, in whole numbers: %i', async (i) => {
    const table = livenessTables[i]!
    const state = stateOf(i)
    const packed = await packInMemory(table, tensorsOfState(table, state), 'float16')
    const network = await loadNetwork(table, packed)
    const [got, wanted] = [
      runNetwork(network, noise, [1, 80, 80]).values,
      runState(state, noise).get('logits')!,
    ]
    disposeNetwork(network)
    const most = largest(got.map((value, c) => value - wanted[c]!))
    console.log(`${table.name}: logits differ by ${most.toExponential(1)}`)
    expect(most).toBeLessThan(0.1)
  })
})
