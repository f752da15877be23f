/** npm run bench:poses: what the photos of a session with poses cost beside one `/verify`. */
import { declare } from '../scripts/front/command.ts'
import { number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { nodeAssets } from '../scripts/setup/node-engine.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { loadModels } from '../src/engine/face-engine.ts'
import type { AskedPose } from '../src/liveness/asked-poses.ts'
import { drawHead, sourceOf, standFor } from '../test/support/faces/drawn-frames.ts'
import { makeJpeg } from '../test/support/photos/make-photo.ts'
import { sampleImage } from '../test/support/photos/sample-photos.ts'
import { machine } from './measure/machine.ts'
import { percentile } from './measure/percentile.ts'
import { posedSessions } from './request/posed-sessions.ts'
import { serveSamples } from './request/serve-samples.ts'

/** Of the photos of all poses in a round. */
const runsInRound = 10
const warmUpRounds = 3
/** Each may send so many photos a minute: they take turns. */
const appKeys = Array.from({ length: 4 }, (_, i) => `bench-app-key-of-24-chars-${i}`)

export const command = declare({
  name: 'bench:poses',
  summary: 'Measures what the photos of a session with poses cost beside one /verify.',
  about:
    'The real bundle in workerd, four photos of 640 x 480 of a head made from one photo, with all checks, by turns with one of them alone, ' +
    'in processor time of workerd; and the same where each pose is told once the photo before is announced, with the requests that ' +
    'announce them. For Linux, which alone tells. Leave the machine alone meanwhile.',
  options: { rounds: number('N', `of ${runsInRound} sessions each`, wholeFrom(1), 10) },
  examples: ['', '--rounds 3'],
  async run({ rounds }) {
    await setUp()
    const keys = { admin: 'bench-admin-key-of-24-chars', app: appKeys.join(',') }
    const { url, close } = await serveSamples(keys)
    const source = sourceOf(await loadModels(await nodeAssets()), await sampleImage('ada'))
    const photos = new Map<AskedPose, Uint8Array>()
    for (const [pose, stand] of Object.entries(standFor)) {
      photos.set(pose as AskedPose, await makeJpeg(drawHead(source, stand)))
    }
    const { ask, formOf, cost, posedSession } = await posedSessions(url, keys.admin, photos)

    const [verify, session, announced]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < warmUpRounds + rounds; round++) {
      let [one, all, told] = [0, 0, 0]
      for (let run = 0; run < runsInRound; run++) {
        const key = appKeys[run % appKeys.length]!
        const atOnce = await posedSession(key, 'at_once')
        one += await cost(() => ask('/verify', key, formOf(['ahead'], { identity: 'ada' })))
        all += await cost(() => ask('/verify', atOnce.token, formOf(atOnce.poses, {})))
        const oneByOne = await posedSession(key, 'one_by_one')
        told += oneByOne.announcingMs
        told += await cost(() => ask('/verify', oneByOne.token, formOf(oneByOne.poses, {})))
      }
      if (round < warmUpRounds) continue
      verify.push(one / runsInRound)
      session.push(all / runsInRound)
      announced.push(told / runsInRound)
    }
    await close()
    const ratios = session.map((ms, i) => ms / verify[i]!)
    const row = (what: string, ms: readonly number[]): string =>
      `| ${what} | ${percentile(ms, 0.5).toFixed(1)} | ${percentile(ms, 0.95).toFixed(1)} |`
    console.log(
      [
        `${machine()}, ${rounds} rounds of ${runsInRound}`,
        '| what | p50 ms | p95 ms |\n|---|---|---|',
        row('one /verify', verify),
        row("a session's four photos", session),
        row('four photos told one by one, announced', announced),
        `| ratio, median of rounds | ${percentile(ratios, 0.5).toFixed(2)} | |`,
      ].join('\n'),
    )
    return 0
  },
})

if (import.meta.main) runCommand(command)
