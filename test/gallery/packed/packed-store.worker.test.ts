import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { toInt8 } from '../../../src/encoding/int8-encoding.ts'
import type { Manifest } from '../../../src/gallery/packed/manifest.ts'
import { createPackedStore } from '../../../src/gallery/packed/packed-store.ts'
import type { Segment } from '../../../src/gallery/packed/segment.ts'
import { beginning, everywhere } from '../../../src/identity/directory/log-position.ts'
import { createVault } from '../../../src/identity/vault.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { testVault } from '../../support/app/test-store.ts'
import { faultyKv } from '../../support/doubles/faulty-kv.ts'

const store = createPackedStore(env.IDENTITIES, testVault)
const template = toInt8(fakeEncoding('a', 0.3))
const people = [{ identity: 'ada.lovelace', version: 3, model: fakeModel, template }]
const segment: Segment = { people, deleted: ['gone'] }
const line = { seq: [7, 3, 0, 1, 9, 7, 7, 7], begunSeq: everywhere(5), begunAtMs: 1, segments: [] }
const manifest: Omit<Manifest, 'format'> = {
  generation: 2,
  builtAtMs: 9,
  ...line,
  segments: [{ name: 'one', people: 1, deletions: 1, afterSeq: beginning, seq: everywhere(7) }],
  rebuild: line,
  retired: [{ name: 'old', atMs: 8 }],
}
beforeEach(() => resetStore())

describe('a manifest', () => {
  it('comes back as it was written', async () => {
    expect(await store.readManifest()).toBeNull()
    await store.writeManifest(manifest)
    expect(await store.readManifest()).toEqual({ format: 1, ...manifest })
  })

  it('written before the directory was divided counts changes in one number, the same in every part', async () => {
    const text = JSON.stringify({ format: 1, ...manifest, seq: 7, begunSeq: 5 })
    await env.IDENTITIES.put('packed:manifest', text)
    expect(await store.readManifest()).toEqual({ format: 1, ...manifest, seq: everywhere(7) })
  })

  it.each(['', 'no JSON', '{}', '{"format":1}', JSON.stringify({ format: 2, ...manifest })])(
    'is none when it is %j',
    async (text) => {
      await env.IDENTITIES.put('packed:manifest', text)
      expect(await store.readManifest()).toBeNull()
    },
  )
})

describe('a stored segment', () => {
  const key = 'packed:segment:one'

  it('comes back as it was written', async () => {
    await store.writeSegment('one', segment)
    const stored = (await store.readSegment('one'))!
    expect([...stored.segment.people]).toEqual(people)
    expect(stored).toMatchObject({ segment: { deleted: ['gone'] }, isCurrent: true })
    expect(await store.listSegments()).toEqual(['one'])
    await store.deleteSegment('one')
    expect(await store.readSegment('one')).toBeNull()
    expect(await store.listSegments()).toEqual([])
  })

  it('shows nothing of the people in it', async () => {
    await store.writeSegment('one', segment)
    const text = new TextDecoder('latin1').decode((await env.IDENTITIES.get(key, 'arrayBuffer'))!)
    for (const word of ['ada.lovelace', 'gone', 'fake-network', 'FGSG']) {
      expect(text).not.toContain(word)
    }
  })

  it('does not open under another name', async () => {
    await store.writeSegment('one', segment)
    const bytes = await env.IDENTITIES.get(key, 'arrayBuffer')
    await env.IDENTITIES.put('packed:segment:two', bytes!)
    expect(await store.readSegment('two')).toBeNull()
  })

  it('is null when it is damaged, or sealed without being a segment', async () => {
    await env.IDENTITIES.put(key, 'damaged')
    expect(await store.readSegment('one')).toBeNull()
    const sealed = await testVault.sealBytes('segment', 'one', new TextEncoder().encode('FGSG'))
    await env.IDENTITIES.put(key, sealed)
    expect(await store.readSegment('one')).toBeNull()
  })

  it('says when an older key sealed it', async () => {
    const key = (id: string, fill: number) => ({ id, bytes: new Uint8Array(32).fill(fill) })
    const before = createPackedStore(env.IDENTITIES, await createVault([key('old', 1)]))
    await before.writeSegment('one', segment)
    const rotated = await createVault([key('new', 2), key('old', 1)])
    expect(await createPackedStore(env.IDENTITIES, rotated).readSegment('one')).toMatchObject({
      isCurrent: false,
    })
    const without = await createVault([key('new', 2)])
    expect(await createPackedStore(env.IDENTITIES, without).readSegment('one')).toBeNull()
  })
})

describe('a KV that fails', () => {
  const failing = (operation: 'get' | 'put' | 'delete' | 'list') =>
    createPackedStore(faultyKv(env.IDENTITIES, operation), testVault)

  it('is store_unavailable, never an empty index', async () => {
    const unavailable = { code: 'store_unavailable', cause: { message: 'KV is down' } }
    await expect(failing('get').readManifest()).rejects.toMatchObject(unavailable)
    await expect(failing('get').readSegment('one')).rejects.toMatchObject(unavailable)
    await expect(failing('put').writeManifest(manifest)).rejects.toMatchObject(unavailable)
    await expect(failing('put').writeSegment('one', segment)).rejects.toMatchObject(unavailable)
    await expect(failing('delete').deleteSegment('one')).rejects.toMatchObject(unavailable)
    await expect(failing('list').listSegments()).rejects.toMatchObject(unavailable)
  })
})
