/**
 * What the Worker's bundle imports: kernels, pages, weights, shards, the known face of /health. Each step leaves alone what is up to
 * date. Wrangler runs it before it bundles (wrangler.toml), so that `npx wrangler dev` and `npx wrangler deploy` work on a clone
 * where nothing but `npm install` was done.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { allEnded } from '../../src/lib/all-ended.ts'
import { buildKernels } from '../kernels/build-kernels.ts'
import { importWeights } from '../weights/import-weights.ts'
import { describeMisplaced } from '../weights/misplaced-weights.ts'
import { shardsDir } from '../weights/networks.ts'
import { readChoices } from '../weights/pack-choices.ts'
import { packWeights } from '../weights/pack-weights.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'
import { isLivenessPacked } from '../weights/packed-liveness.ts'
import { buildPages } from './build-pages.ts'
import { knownEncodingFile, writeKnownFace } from './known-face.ts'
import { localKeys } from './local-keys.ts'

export async function build(): Promise<void> {
  // Programs of their own make the first two.
  await allEnded<unknown>([buildKernels(), buildPages(), importWeights()])
  const encoder = await packedEncoder()
  await packWeights(await readChoices(encoder, await isLivenessPacked()))
  const misplaced = await describeMisplaced(encoder.name)
  if (misplaced !== null) console.log(misplaced)
  await writeKnownFace()
}

/** As wrangler's hook. It names the command that it runs it for. */
export async function buildForWrangler(command: string | undefined): Promise<void> {
  // Types come from wrangler.toml, and the set-up asks for them itself.
  if (process.env.FACEGATE_BUILT !== undefined || command === 'types') return
  if (command === 'dev' && isBuilt()) {
    // It comes here at every change, also while `npm run pack` writes: what is packed is left to whoever packs.
    await buildKernels()
    await buildPages()
  } else {
    await build()
  }
  // A Worker without keys answers nothing; those of a deployed one are secrets (docs/deploy.md).
  if (command === 'dev') await localKeys()
}

function isBuilt(): boolean {
  return existsSync(join(shardsDir, 'bundle.ts')) && existsSync(knownEncodingFile)
}
