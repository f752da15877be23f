/**
 * node bench/request/poses.ts [--rounds 10]
 *
 * What the photos of a session with poses cost beside one `/verify`: the real bundle in workerd, four photos of 640 x 480 of a head made from
 * one photo, with all checks, by turns with one of them alone, in processor time of workerd; and the same where each pose is told once
 * the photo before is announced, with the requests that announce them. For Linux, which alone tells. Leave the machine alone meanwhile.
 */
import { createHash } from 'node:crypto'
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
/** Each may send so many photos a minute: they take turns. */
const appKeys = Array.from({ length: 4 }, (_, i) => `bench-app-key-of-24-chars-${i}`)
const keys = { admin: 'bench-admin-key-of-24-chars', app: appKeys.join(',') }
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

interface Spent {
  /** Processor time. */
  readonly ms: number
  readonly answer: Record<string, unknown>
}

async function spentOn(request: () => Promise<Record<string, unknown>>): Promise<Spent> {
  const spent = async (): Promise<number> =>
    (await Promise.all(pids.map(cpuMs))).reduce((sum, ms) => sum + ms, 0)
  const before = await spent()
  const answer = await request()
  return { ms: (await spent()) - before, answer }
}

/** Milliseconds that a request takes, which has to match. */
async function cost(request: () => Promise<Record<string, unknown>>): Promise<number> {
  const { ms, answer } = await spentOn(request)
  const { decision, reason, code } = answer
  if (decision !== 'match') throw new Error(`no match: ${reason ?? code}`)
  return ms
}

interface PosedSession {
  readonly token: string
  readonly poses: readonly AskedPose[]
  /** Of the requests that announced its photos. */
  readonly announcingMs: number
}

/** A session that asks for four poses; the photos that let somebody in before are forgotten with the person. */
async function posedSession(key: string, telling: 'at_once' | 'one_by_one'): Promise<PosedSession> {
  await admin.delete('/admin/identities/ada')
  await admin.put('/admin/identities/ada', [sampleFile('ada')])
  const session = { identity: 'ada', liveness: 'active', poses: telling }
  for (;;) {
    const token = String((await ask('/sessions', key, session)).token)
    let told = await ask('/poses', token, {})
    let announcingMs = 0
    while (told.complete === false) {
      const last = (told.poses as AskedPose[]).at(-1)!
      const photoSha256 = createHash('sha256').update(photos.get(last)!).digest('hex')
      const { ms, answer } = await spentOn(() => ask('/poses/next', token, { photoSha256 }))
      announcingMs += ms
      told = answer
    }
    const poses = told.poses as AskedPose[]
    if (poses.length === photosOfSession) return { token, poses, announcingMs }
  }
}

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
console.log(`node ${process.versions.node}, ${rounds} rounds of ${runsInRound}
| what | p50 ms | p95 ms |
|---|---|---|
${row('one /verify', verify)}
${row("a session's four photos", session)}
${row('four photos told one by one, announced', announced)}
| ratio, median of rounds | ${percentile(ratios, 0.5).toFixed(2)} | |`)
