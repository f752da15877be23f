/**
 * The encoding of a sample photo, to the bit: on plans no machine, no runtime and no run gives another. Set-up computes the known
 * face of /health in Node, and workerd must give its bits (test/worker-engine.isolate.test.ts), so this one holds there too.
 * Whoever changes the pipeline on purpose changes the digest here, raises `pipelineVersion` if encodings move, and calibrates anew.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { knownEncodingFile } from '../../scripts/setup/known-face.ts'
import { sampleProbe } from '../../scripts/setup/samples.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import { realModels } from '../support/networks/node-models.ts'

const golden = 'f3d3d6d3ba05aabe'

function digest(encoding: Float32Array): string {
  return createHash('sha256').update(new Uint8Array(encoding.buffer)).digest('hex').slice(0, 16)
}

it('a sample photo has the same encoding everywhere, to the bit', async () => {
  const photo = new Uint8Array(await readFile(sampleProbe))
  const { encoding } = await encodePhoto(await realModels(), photo)
  expect(digest(encoding)).toBe(golden)
  const known: number[] = JSON.parse(await readFile(knownEncodingFile, 'utf8'))
  expect(digest(Float32Array.from(known))).toBe(golden)
})
