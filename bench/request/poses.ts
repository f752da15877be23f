/**
 * node bench/request/poses.ts [--rounds 10]
 *
 * What the photos of a session with poses cost beside one `/verify`: the real bundle in workerd, four photos of 640 x 480 of a head made from
 * one photo, with all checks, by turns with one of them alone, in processor time of workerd. For Linux, which alone tells. Leave the
 * machine alone meanwhile.
 */
import { parseArgs } from 'node:util'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { setUp } from '../../scripts/setup/set-up.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import type { AskedPose } from '../../src/liveness/asked-poses.ts'
import { drawHead, sourceOf, standFor } from '../../test/support/drawn-frames.ts'
import { callerWith } from '../../test/support/http.ts'
import { makeJpeg } from '../../test/support/photos/make-photo.ts'
import { sampleFile, sampleImage } from '../../test/support/sample-photos.ts'
import { percentile } from '../percentile.ts'
import { cpuMs } from '../process-cpu.ts'
import { workerdPids } from '../process-memory.ts'
import { serveSamples } from '../serve-samples.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } })
const rounds = Number(values.rounds)
/** Of the photos of all poses in a round. */
const runsInRound = 10
const warmUpRounds = 3
const photosOfSession = 4

await setUp()
const keys = { admin: 'bench-admin-key-of-24-chars', app: 'bench-app-key-of-22-chars' }
const { url, close } = await serveSamples(keys)
const admin = callerWith(keys.admin, url)
const pids = await workerdPids()
const source = sourceOf(await loadModels(await nodeAssets()), await sampleImage('ada'))
const photos = new Map<AskedPose, Uint8Array>()
for (const [pose, stand] of Object.entries(standFor)) {
  photos.set(pose as AskedPose, await makeJpeg(drawHead(source, stand)))
}

async function ask(path: string, key: string, body: FormData | object) {
  const isForm = body instanceof FormData
  const headers = {
    Authorization: `Bearer ${key}`,
    ...(isForm ? {} : { 'Content-Type': 'application/json' }),
  }
  const text = isForm ? body : JSON.stringify(body)
  const response = await fetch(new URL(path, url), { method: 'POST', headers, body: text })
  return (await response.json()) as Record<string, unknown>
}

function formOf(poses: readonly AskedPose[], fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const pose of poses) {
    form.append('image', new Blob([photos.get(pose) as Uint8Array<ArrayBuffer>]), 'photo.jpg')
  }
  return form
}

/** Milliseconds of processor time that a request takes, which has to match. */
async function cost(request: () => Promise<Record<string, unknown>>): Promise<number> {
  const spent = async (): Promise<number> =>
    (await Promise.all(pids.map(cpuMs))).reduce((sum, ms) => sum + ms, 0)
  const before = await spent()
  const { decision, reason, code } = await request()
  const after = await spent()
  if (decision !== 'match') throw new Error(`no match: ${reason ?? code}`)
  return after - before
}

/** A session that asks for four poses; the photos that let somebody in before are forgotten with the person. */
async function posedSession(): Promise<{ token: string; poses: AskedPose[] }> {
  await admin.delete('/admin/identities/ada')
  await admin.put('/admin/identities/ada', [sampleFile('ada')])
  for (;;) {
    const opened = await ask('/sessions', keys.app, { identity: 'ada', liveness: 'active' })
    const token = String(opened.token)
    const poses = (await ask('/poses', token, {})).poses as AskedPose[]
    if (poses.length === photosOfSession) return { token, poses }
  }
}

const [verifyMs, sessionMs]: [number[], number[]] = [[], []]
for (let round = 0; round < warmUpRounds + rounds; round++) {
  let [one, all] = [0, 0]
  for (let run = 0; run < runsInRound; run++) {
    const { token, poses } = await posedSession()
    one += await cost(() => ask('/verify', keys.app, formOf(['ahead'], { identity: 'ada' })))
    all += await cost(() => ask('/verify', token, formOf(poses, {})))
  }
  if (round < warmUpRounds) continue
  verifyMs.push(one / runsInRound)
  sessionMs.push(all / runsInRound)
}
await close()
const ratios = sessionMs.map((ms, i) => ms / verifyMs[i]!)
console.log(`node ${process.versions.node}, ${rounds} rounds of ${runsInRound}
| what | p50 ms | p95 ms |
|---|---|---|
| one /verify | ${percentile(verifyMs, 0.5).toFixed(1)} | ${percentile(verifyMs, 0.95).toFixed(1)} |
| a session's four photos | ${percentile(sessionMs, 0.5).toFixed(1)} | ${percentile(sessionMs, 0.95).toFixed(1)} |
| ratio, median of rounds | ${percentile(ratios, 0.5).toFixed(2)} | |`)
