import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSessionClient } from '../src/session-client.ts'

const asked = ['ahead', 'left', 'up'] as const
const photoOf = (pose: string): Uint8Array => new TextEncoder().encode(`photo of ${pose}`)

/** A service that tells poses at once, or each for a hash. */
function service(telling: 'at_once' | 'one_by_one') {
  const hashes: string[] = []
  let announced = 0
  const fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    if (String(url).endsWith('/poses/next')) {
      const { photoSha256 } = JSON.parse(String(init!.body)) as { photoSha256: string }
      if (photoSha256 !== hashes.at(-1)) hashes.push(photoSha256)
      if (++announced > 9) return Response.json({ code: 'poses_over' }, { status: 409 })
    }
    const told = telling === 'at_once' ? asked : asked.slice(0, hashes.length + 1)
    const complete = telling === 'at_once' || hashes.length === asked.length
    const answer = { poses: told, complete, expiresAt: '2026-01-31T12:00:00.000Z', requestId: 'r' }
    return Response.json(answer)
  }
  const options = { url: 'https://faces.example', token: 'session.1.x', fetch: fetch as never }
  return { session: createSessionClient(options), hashes }
}

describe('takePoses', () => {
  it('asks for a photo of each pose, and announces none where all are told at once', async () => {
    const { session, hashes } = service('at_once')
    const calls: unknown[] = []
    const photos = await session.takePoses(async (...call) => {
      calls.push(call)
      return photoOf(call[0])
    })
    expect(calls).toEqual(asked.map((pose, place) => [pose, place, asked.length]))
    expect(photos).toEqual(asked.map(photoOf))
    expect(hashes).toEqual([])
  })

  it('announces each by the hash of its bytes before it learns the next, however the photo is held', async () => {
    const { session, hashes } = service('one_by_one')
    const told: unknown[] = []
    const photos = await session.takePoses(async (pose, place, of) => {
      told.push([pose, place, of, hashes.length])
      const bytes = photoOf(pose) as Uint8Array<ArrayBuffer>
      return [bytes, new Blob([bytes]), bytes.buffer][place]!
    })
    expect(told).toEqual(asked.map((pose, place) => [pose, place, undefined, place]))
    expect(photos).toHaveLength(asked.length)
    expect(hashes).toEqual(
      asked.map((pose) => createHash('sha256').update(photoOf(pose)).digest('hex')),
    )
  })

  it('says so where a photo is the one before it once more, and does not announce it again and again', async () => {
    const { session, hashes } = service('one_by_one')
    const taken = session.takePoses(async () => photoOf('ahead'))
    await expect(taken).rejects.toThrow(TypeError)
    await expect(taken).rejects.toThrow('take another')
    expect(hashes).toHaveLength(1)
  })
})
