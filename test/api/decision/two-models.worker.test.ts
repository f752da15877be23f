import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { formatPerson } from '../../../src/people/lines/people-lines.ts'
import { createFakeEngine, fakeEncoding } from '../../support/app/fake-engine.ts'
import {
  importRequest,
  type LinePerson,
  linePerson,
  outcomesOf,
  parseLines,
  readText,
} from '../../support/app/people-lines.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { entryKey } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
  madeUpCalibration,
} from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

const oldModel = 'old-network@0123abcd'
const newModel = 'new-network@89abcdef'
const calibrations = readCalibrationTable({
  format: 2,
  calibrations: [madeUpCalibration(oldModel), madeUpCalibration(newModel)],
})

/** A Worker with one network: the new one sees another place of the space in every face. */
function workerWith(model: string) {
  const engine = createFakeEngine(model)
  const { encode } = engine
  const sees = (text: string) =>
    model === newModel ? text.replace(/^face (\w+)/, 'face new$1') : text
  const shifted = {
    ...engine,
    encode: (photo: Uint8Array, options?: Parameters<typeof encode>[1]) =>
      encode(new TextEncoder().encode(sees(new TextDecoder().decode(photo))), options),
  }
  return createTestApp({ loadEngine: async () => shifted, calibrations }).send
}
type Send = ReturnType<typeof workerWith>

const people = ['ada', 'bob', 'cleo', 'dora']
const asNew = (identity: string, fields: Partial<LinePerson> = {}) =>
  linePerson(identity, { model: newModel, encodings: [fakeEncoding(`new${identity}`)], ...fields })

async function reenroll(send: Send, identities: readonly string[]) {
  const body = identities.map((identity) => formatPerson(asNew(identity))).join('')
  return await outcomesOf(await send('/admin/import?secondModel=true', importRequest(body)))
}

async function verify(send: Send, identity: string): Promise<unknown> {
  const image = base64(`face ${identity} 0.1`)
  const answer = await (await send('/verify', json({ identity, image }))).json<{
    decision?: string
    code?: string
  }>()
  return answer.decision ?? answer.code
}

async function recognize(send: Send, person: string): Promise<unknown> {
  const response = await send('/recognize', json({ image: base64(`face ${person} 0.1`) }))
  return (await response.json<{ identity?: string }>()).identity
}

async function read(send: Send, identity: string) {
  return (await send(`/admin/identities/${identity}`, get(adminKey))).json<object>()
}

async function forget(send: Send, query = '') {
  const response = await send(`/admin/prune-models${query}`, {
    method: 'POST',
    headers: bearer(adminKey),
  })
  expect(response.status).toBe(200)
  return await response.json()
}

describe('a change of network', () => {
  it('half-way through: those who are re-enrolled match with either network, the others with the old one', async () => {
    const older = workerWith(oldModel)
    for (const person of people) await enroll(older, person)
    expect(await reenroll(older, ['ada', 'bob'])).toMatchObject([
      { identity: 'ada', outcome: 'replaced' },
      { identity: 'bob', outcome: 'replaced' },
      { replaced: 2, refused: 0 },
    ])
    for (const person of people) {
      expect(await verify(older, person)).toBe('match')
      expect(await recognize(older, person)).toBe(person)
    }
    const newer = workerWith(newModel)
    for (const person of ['ada', 'bob']) {
      expect(await verify(newer, person)).toBe('match')
      expect(await recognize(newer, person)).toBe(person)
    }
    for (const person of ['cleo', 'dora']) {
      expect(await verify(newer, person)).toBe('model_mismatch')
      expect(await recognize(newer, person)).toBeUndefined()
    }
    // The rest is done while the new network runs already, and then the old one runs once more.
    expect((await reenroll(newer, people)).at(-1)).toMatchObject({ unchanged: 2, replaced: 2 })
    for (const send of [newer, older, workerWith(oldModel), workerWith(newModel)]) {
      for (const person of people) {
        expect(await verify(send, person)).toBe('match')
        expect(await recognize(send, person)).toBe(person)
      }
    }
  })

  it('keeps the encodings of the other network where the same photo only tells how suspect it is', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada', ['face ada 0'])
    await enroll(older, 'twin', ['face ada 0.1'], { allowDuplicate: true })
    const line = formatPerson(asNew('ada', { suspicion: 0.25 }))
    await outcomesOf(await older('/admin/import?secondModel=true', importRequest(line)))
    // Nobody is searched for: the face is known, and so is the twin's.
    const again = await enroll(older, 'ada', ['face ada 0 1 ahead half-suspect'])
    expect(again.status).toBe(200)
    const lines = parseLines<LinePerson>(
      await readText(await older('/admin/export', get(adminKey))),
    )
    expect(lines.find(({ identity }) => identity === 'ada')).toMatchObject({
      model: oldModel,
      suspicion: 0.6,
      other: { model: newModel, suspicion: 0.25 },
    })
    expect(await verify(workerWith(newModel), 'ada')).toBe('match')
  })

  it('never compares encodings of one network with those of the other', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    // What the old network sees in somebody else's face is what the new one sees in ada's.
    await reenroll(older, ['ada'])
    const image = base64('face newada 0')
    const verified = await older('/verify', json({ identity: 'ada', image }))
    expect(await verified.json()).toMatchObject({ decision: 'no_match', model: oldModel })
    expect(await recognize(older, 'newada')).toBeUndefined()
  })

  it('ends when the old encodings are forgotten, of those who have new ones', async () => {
    const older = workerWith(oldModel)
    for (const person of people) await enroll(older, person)
    await reenroll(older, ['ada', 'bob', 'cleo'])
    const newer = workerWith(newModel)
    expect(await read(newer, 'ada')).toMatchObject({ model: newModel, otherModel: oldModel })
    expect(await forget(newer, '?limit=2')).toEqual({ forgotten: 2, kept: [], cursor: 'bob' })
    expect(await forget(newer, '?cursor=bob')).toEqual({ forgotten: 1, kept: [] })
    expect(await forget(newer)).toEqual({ forgotten: 0, kept: [] })
    expect(await read(newer, 'ada')).not.toHaveProperty('otherModel')
    for (const person of ['ada', 'bob', 'cleo']) {
      expect(await verify(newer, person)).toBe('match')
      expect(await verify(older, person)).toBe('model_mismatch')
    }
    expect(await verify(older, 'dora')).toBe('match')
    expect(await verify(newer, 'dora')).toBe('model_mismatch')
  })

  it('leaves whoever has nothing of the network that runs', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    await reenroll(older, ['ada'])
    expect(await forget(workerWith('third-network@00000000'))).toEqual({
      forgotten: 0,
      kept: ['ada'],
    })
    expect(await verify(older, 'ada')).toBe('match')
  })

  it('keeps two networks at most: the one that runs, and the one that came last', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    await reenroll(older, ['ada'])
    const third = 'third-network@00000000'
    const line = formatPerson(linePerson('ada', { model: third }))
    await outcomesOf(await older('/admin/import?secondModel=true', importRequest(line)))
    expect(await read(older, 'ada')).toMatchObject({ model: third, otherModel: oldModel })
    expect(await verify(older, 'ada')).toBe('match')
    expect(await verify(workerWith(newModel), 'ada')).toBe('model_mismatch')
  })

  it('adds to nobody who is not enrolled, and keeps name and dates', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada', undefined, { name: 'Ada' })
    const { createdAt } = (await read(older, 'ada')) as { createdAt: string }
    expect(await reenroll(older, ['zoe', 'ada'])).toMatchObject([
      { identity: 'zoe', outcome: 'refused', code: 'identity_not_found' },
      { identity: 'ada', outcome: 'replaced' },
      { replaced: 1, refused: 1 },
    ])
    expect(await read(older, 'ada')).toMatchObject({ name: 'Ada', createdAt, encodings: 1 })
    const withOther = asNew('ada', { other: { model: oldModel, encodings: [fakeEncoding('ada')] } })
    const both = await older(
      '/admin/import?secondModel=true',
      importRequest(formatPerson(withOther)),
    )
    expect((await outcomesOf(both))[0]).toMatchObject({
      code: 'invalid_request',
      detail: 'field "other": expected none with "secondModel"',
    })
  })
})

describe('photos of a person who has encodings of two networks', () => {
  it('when they are others, leave nothing by which the old face would match again', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    await reenroll(older, ['ada'])
    expect((await enroll(older, 'ada', ['face eve 0'])).status).toBe(200)
    expect(await verify(workerWith(newModel), 'ada')).toBe('model_mismatch')
    expect(await read(older, 'ada')).not.toHaveProperty('otherModel')
  })

  it('when they are the same, change nothing', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    await reenroll(older, ['ada'])
    const again = await enroll(older, 'ada')
    expect(await again.json()).toMatchObject({ model: oldModel, encodings: 1 })
    expect(await verify(workerWith(newModel), 'ada')).toBe('match')
  })

  it('are added to the encodings of the network that runs', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    await reenroll(older, ['ada'])
    const body = json({ image: base64('face ada 0.2') }, adminKey)
    const added = await older('/admin/identities/ada/images', body)
    expect(await added.json()).toMatchObject({ model: oldModel, encodings: 2 })
    expect(await verify(workerWith(newModel), 'ada')).toBe('match')
  })
})

describe('an export of people with encodings of two networks', () => {
  it('has both, and can be imported by a Worker that runs either', async () => {
    const older = workerWith(oldModel)
    await enroll(older, 'ada')
    await reenroll(older, ['ada'])
    const file = await readText(await older('/admin/export', get(adminKey)))
    const [, line] = parseLines<Record<string, unknown>>(file)
    expect(line).toMatchObject({ model: newModel, other: { model: oldModel } })
    await resetStore()
    for (const send of [workerWith(oldModel), workerWith(newModel)]) {
      const outcomes = await outcomesOf(await send('/admin/import', importRequest(file)))
      expect(outcomes.at(-1)).toMatchObject({ refused: 0, checksum: 'verified' })
      expect(await verify(send, 'ada')).toBe('match')
    }
    const third = workerWith('third-network@00000000')
    const path = '/admin/import?allowDuplicate=true'
    expect((await outcomesOf(await third(path, importRequest(file))))[0]).toMatchObject({
      code: 'model_mismatch',
    })
  })
})

it('the gallery entry of a person with two networks fits in the metadata of KV', async () => {
  const identity = 'x'.repeat(128)
  const longest = `${'n'.repeat(32)}@0123abcd`
  const send = workerWith(longest)
  const body = [longest, `${'m'.repeat(32)}@89abcdef`].map((model) =>
    formatPerson(linePerson(identity, { model, encodings: [fakeEncoding('x')] })),
  )
  const keys = `${'k'.repeat(32)}:${btoa('a key of 32 bytes for tests only')}`
  const bindings = { ...env, TEMPLATE_KEYS: keys }
  const path = '/admin/import?allowDuplicate=true'
  await outcomesOf(await send(path, importRequest(body[0]!), bindings))
  await outcomesOf(await send(`${path}&secondModel=true`, importRequest(body[1]!), bindings))
  const { metadata } = await env.IDENTITIES.getWithMetadata<object>(entryKey(identity))
  const bytes = new TextEncoder().encode(JSON.stringify(metadata)).length
  expect(bytes).toBeGreaterThan(800)
  expect(bytes).toBeLessThanOrEqual(1024)
})

it('forgetting is for administrators, and refuses what it does not know', async () => {
  const send = workerWith(oldModel)
  const post = (path: string, key: string) => send(path, { method: 'POST', headers: bearer(key) })
  await expectProblem(await post('/admin/prune-models', appKey), 'forbidden')
  await expectProblem(await post('/admin/prune-models?model=x', adminKey), 'invalid_request')
})
