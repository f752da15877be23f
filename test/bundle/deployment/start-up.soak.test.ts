/** How long the bundle runs before its first request. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { runWrangler } from '../../support/running/run-wrangler.ts'

/** The part of a CPU profile that tells how long code ran. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string } }[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-start-up-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('the bundle runs for less than 400 ms of the second that Cloudflare allows before its first request', async () => {
  const file = join(folder, 'startup.cpuprofile')
  const config = join(projectRoot, 'wrangler.toml')
  // The option --config is not handed to the build; --args is.
  const checked = await runWrangler('check', 'startup', `--args=-c ${config}`, '--outfile', file)
  expect(checked.output).toContain('Startup phase analysed')
  expect(checked.status).toBe(0)
  const profile: CpuProfile = JSON.parse(await readFile(file, 'utf8'))
  const resting = new Set(
    profile.nodes
      .filter(({ callFrame }) => ['(idle)', '(root)'].includes(callFrame.functionName))
      .map(({ id }) => id),
  )
  const microseconds = profile.samples.reduce(
    (sum, node, i) => (resting.has(node) ? sum : sum + profile.timeDeltas[i]!),
    0,
  )
  console.log(`start-up: ${(microseconds / 1000).toFixed(0)} ms`)
  expect(profile.samples.length).toBeGreaterThan(0)
  expect(microseconds).toBeGreaterThan(0)
  expect(microseconds / 1000).toBeLessThan(400)
})
