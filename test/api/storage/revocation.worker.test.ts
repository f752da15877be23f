import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { keysInKv } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  json,
} from '../../support/app/test-app.ts'
import { staleKv } from '../../support/doubles/stale-kv.ts'

beforeEach(() => resetStore())

const remove = { method: 'DELETE', headers: bearer(adminKey) }

/** The place where changes are made, and another one far away, whose KV shows what was until it catches up. */
function twoPlaces() {
  const here = createTestApp().send
  const late = staleKv(env.IDENTITIES)
  const bindings = { ...env, IDENTITIES: late.kv }
  const { send } = createTestApp()
  const there = (path: string, init: RequestInit) => send(path, init, bindings)
  const verify = (text: string) =>
    there('/verify', json({ identity: 'younes', image: base64(text) }))
  async function recognize(text: string): Promise<string | undefined> {
    const response = await there('/recognize', json({ image: base64(text) }))
    expect(response.status).toBe(200)
    return (await response.json<{ identity?: string }>()).identity
  }
  return { here, there, late, verify, recognize }
}

describe('far away, while KV shows what was', () => {
  it('a person who was just enrolled matches', async () => {
    const { here, verify, recognize } = twoPlaces()
    await expectProblem(await verify('face a 0'), 'identity_not_found')
    expect(await recognize('face a 0')).toBeUndefined()
    await enroll(here, 'younes', ['face a 0'])
    expect(await (await verify('face a 0')).json()).toMatchObject({ decision: 'match' })
    expect(await recognize('face a 0')).toBe('younes')
  })

  it('a person who was just deleted is nobody', async () => {
    const { here, late, verify, recognize } = twoPlaces()
    await enroll(here, 'younes', ['face a 0'])
    await late.catchUp()
    expect(await recognize('face a 0')).toBe('younes')
    expect((await here('/admin/identities/younes', remove)).status).toBe(204)
    await expectProblem(await verify('face a 0'), 'identity_not_found')
    expect(await recognize('face a 0')).toBeUndefined()
  })

  it('a person who was just deleted is nobody for an isolate that starts now', async () => {
    const { here, late, recognize } = twoPlaces()
    await enroll(here, 'younes', ['face a 0'])
    await late.catchUp()
    await here('/admin/identities/younes', remove)
    expect(await recognize('face a 0')).toBeUndefined()
  })

  it('a face that was replaced no longer matches, and the new one does', async () => {
    const { here, late, verify, recognize } = twoPlaces()
    await enroll(here, 'younes', ['face old 0'])
    await late.catchUp()
    expect(await recognize('face old 0')).toBe('younes')
    expect((await enroll(here, 'younes', ['face new 0'])).status).toBe(200)
    expect(await (await verify('face old 0')).json()).toMatchObject({ decision: 'no_match' })
    expect(await (await verify('face new 0')).json()).toMatchObject({ decision: 'match' })
    expect(await recognize('face old 0')).toBeUndefined()
    expect(await recognize('face new 0')).toBe('younes')
  })

  it('a person who is enrolled again after a deletion matches by the new face only', async () => {
    const { here, late, verify, recognize } = twoPlaces()
    await enroll(here, 'younes', ['face old 0'])
    await late.catchUp()
    await here('/admin/identities/younes', remove)
    expect((await enroll(here, 'younes', ['face new 0'])).status).toBe(201)
    expect(await (await verify('face old 0')).json()).toMatchObject({ decision: 'no_match' })
    expect(await recognize('face old 0')).toBeUndefined()
    expect(await recognize('face new 0')).toBe('younes')
  })

  it('nobody is enrolled twice, and photos are added to what is there now', async () => {
    const { here, there } = twoPlaces()
    await enroll(here, 'younes', ['face a 0'])
    await expectProblem(await enroll(there, 'twin', ['face a 0']), 'duplicate_person')
    const body = json({ image: base64('face a 0.1') }, adminKey)
    const added = await there('/admin/identities/younes/images', body)
    expect(await added.json()).toMatchObject({ encodings: 2 })
  })

  it('a record that was copied back into KV after a deletion is of no use', async () => {
    const { here, verify, recognize } = twoPlaces()
    await enroll(here, 'younes', ['face a 0'])
    const copies = await Promise.all(
      (await keysInKv()).map(
        async (key) => [key, await env.IDENTITIES.getWithMetadata(key)] as const,
      ),
    )
    await here('/admin/identities/younes', remove)
    for (const [key, { value, metadata }] of copies) {
      await env.IDENTITIES.put(key, value!, { metadata })
    }
    await expectProblem(await verify('face a 0'), 'identity_not_found')
    const { send } = createTestApp()
    const response = await send('/recognize', json({ image: base64('face a 0') }))
    expect(await response.json()).toMatchObject({ decision: 'no_match' })
    expect(await recognize('face a 0')).toBeUndefined()
  })
})
