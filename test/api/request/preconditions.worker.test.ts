import { beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  json,
} from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

const { send, engine } = createTestApp()

type Condition = Record<'If-Match', string> | Record<'If-None-Match', string> | object

async function change(init: RequestInit, condition: Condition, path = ''): Promise<Response> {
  const headers = { ...init.headers, ...condition }
  return await send(`/admin/identities/ada${path}`, { ...init, headers })
}

const put = (text: string, condition: Condition) =>
  change(json({ image: base64(text) }, adminKey, 'PUT'), condition)
const add = (text: string, condition: Condition) =>
  change(json({ image: base64(text) }, adminKey), condition, '/images')
const rename = (name: string, condition: Condition) =>
  change(json({ name }, adminKey, 'PATCH'), condition)
const remove = (condition: Condition) =>
  change({ method: 'DELETE', headers: bearer(adminKey) }, condition)
const read = (method = 'GET') => change({ method, headers: bearer(adminKey) }, {})

const changes = [
  ['PUT', (condition: Condition) => put('face ada 0.1', condition)],
  ['POST images', (condition: Condition) => add('face ada 0.1', condition)],
  ['PATCH', (condition: Condition) => rename('Ada', condition)],
  ['DELETE', remove],
] as const

describe('the ETag', () => {
  it('is the version: the same in every answer, and another one after every change', async () => {
    expect((await enroll(send, 'ada', ['face ada 0'])).headers.get('etag')).toBe('"1"')
    expect((await add('face ada 0.1', {})).headers.get('etag')).toBe('"2"')
    expect((await rename('Ada', {})).headers.get('etag')).toBe('"3"')
    expect((await read()).headers.get('etag')).toBe('"3"')
    expect((await read('HEAD')).headers.get('etag')).toBe('"3"')
    expect((await put('face ada 0.2', {})).headers.get('etag')).toBe('"4"')
  })

  it('stays when nothing was changed', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    expect((await enroll(send, 'ada', ['face ada 0'])).headers.get('etag')).toBe('"1"')
    expect((await add('face ada 0', {})).headers.get('etag')).toBe('"1"')
  })

  it('is not used again after a deletion', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    await remove({})
    expect((await enroll(send, 'ada', ['face ada 0'])).headers.get('etag')).toBe('"3"')
  })
})

describe.each(changes)('%s with If-Match', (_, act) => {
  it.each(['"1"', ' "1" ', 'W/"1"', '*'])('changes the version that is there: %s', async (tag) => {
    await enroll(send, 'ada', ['face ada 0'])
    expect((await act({ 'If-Match': tag })).status).toBeLessThan(300)
    expect((await stateOf('ada'))?.version).toBe(2)
  })

  it('changes no other version, decodes no photo for it, and tells the current one', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    await rename('Somebody', {})
    const before = await stateOf('ada')
    const encoded = engine.encoded.length
    for (const tag of ['"1"', '"3"', '"999999999999999"']) {
      const response = await act({ 'If-Match': tag })
      expect(await expectProblem(response, 'version_conflict')).toBe(
        'ada is at version "2" now; nothing was changed.',
      )
    }
    expect(engine.encoded).toHaveLength(encoded)
    expect(await stateOf('ada')).toEqual(before)
  })

  it.each(['1', 'one', '"one"', '"1", "2"', '"0"', '"-1"', '"1', '', '**', '"1000000000000000"'])(
    'refuses what is no tag: %s',
    async (tag) => {
      await enroll(send, 'ada', ['face ada 0'])
      const detail = await expectProblem(await act({ 'If-Match': tag }), 'invalid_request')
      expect(detail).toBe('If-Match: expected * or the ETag of an earlier answer, such as "3"')
      expect((await stateOf('ada'))?.version).toBe(1)
    },
  )
})

describe('of somebody who is not enrolled', () => {
  it.each(['"1"', '*'])('PUT with If-Match: %s creates nobody', async (tag) => {
    const response = await put('face ada 0', { 'If-Match': tag })
    expect(await expectProblem(response, 'version_conflict')).toBe(
      'ada is not enrolled; nothing was changed.',
    )
    expect(await stateOf('ada')).toBeUndefined()
  })

  it.each(changes.slice(1))('%s says so, whatever it expects', async (_, act) => {
    await expectProblem(await act({ 'If-Match': '"1"' }), 'identity_not_found')
    await enroll(send, 'ada', ['face ada 0'])
    await remove({})
    await expectProblem(await act({ 'If-Match': '"1"' }), 'identity_not_found')
  })
})

describe('If-None-Match', () => {
  it('* creates, and never replaces', async () => {
    expect((await put('face ada 0', { 'If-None-Match': '*' })).status).toBe(201)
    const again = await put('face ada 0.1', { 'If-None-Match': '*' })
    await expectProblem(again, 'version_conflict')
    await remove({})
    expect((await put('face ada 0', { 'If-None-Match': '*' })).status).toBe(201)
  })

  it('* lets one of many at once create', async () => {
    const racing = Array.from({ length: 10 }, (_, i) =>
      put(`face ada ${i / 100}`, { 'If-None-Match': '*' }),
    )
    const statuses = (await Promise.all(racing)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, ...Array(9).fill(412)])
    expect((await stateOf('ada'))?.version).toBe(1)
  })

  it('is * or nothing, and never beside If-Match', async () => {
    const tag = await put('face ada 0', { 'If-None-Match': '"1"' })
    expect(await expectProblem(tag, 'invalid_request')).toBe('If-None-Match: expected *')
    const both = await put('face ada 0', { 'If-None-Match': '*', 'If-Match': '"1"' })
    expect(await expectProblem(both, 'invalid_request')).toContain('not both')
  })

  it.each(changes.slice(1))('is not for %s', async (_, act) => {
    const response = await act({ 'If-None-Match': '*' })
    expect(await expectProblem(response, 'invalid_request')).toBe(
      'If-None-Match: not a header of this endpoint',
    )
  })
})

describe('If-Match among many at once', () => {
  it('lets one of them through', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    const racing = Array.from({ length: 10 }, (_, i) => rename(`${i}`, { 'If-Match': '"1"' }))
    const statuses = (await Promise.all(racing)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, ...Array(9).fill(412)])
    expect((await stateOf('ada'))?.version).toBe(2)
  })
})
