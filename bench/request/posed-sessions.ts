/** Sessions that ask for four poses, and what their requests cost in processor time of workerd. For Linux, which alone tells. */
import { createHash } from 'node:crypto'
import type { AskedPose } from '../../src/liveness/asked-poses.ts'
import { sampleFile } from '../../test/support/photos/sample-photos.ts'
import { callerWith } from '../../test/support/running/http.ts'
import { cpuMs } from '../measure/process-cpu.ts'
import { workerdPids } from '../measure/process-memory.ts'

/** Of each session. */
const photosOfSession = 4

interface Spent {
  /** Processor time. */
  readonly ms: number
  readonly answer: Record<string, unknown>
}

export interface PosedSession {
  readonly token: string
  readonly poses: readonly AskedPose[]
  /** Of the requests that announced its photos. */
  readonly announcingMs: number
}

/** @param photos one of each pose, all of ada */
export async function posedSessions(
  url: URL,
  adminKey: string,
  photos: ReadonlyMap<AskedPose, Uint8Array>,
) {
  const admin = callerWith(adminKey, url)
  const pids = await workerdPids()

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

  /** A session that asks for four poses; the photos that let somebody in before are forgotten with the person. */
  async function posedSession(
    key: string,
    telling: 'at_once' | 'one_by_one',
  ): Promise<PosedSession> {
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

  return { ask, formOf, cost, posedSession }
}
