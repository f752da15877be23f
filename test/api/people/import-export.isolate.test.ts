import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { encodingToText } from '../../../src/encoding/encoding-text.ts'
import { importOutcome } from '../../../src/people/lines/import-outcome.ts'
import {
  createLinesChecksum,
  formatPerson,
  peopleLine,
} from '../../../src/people/lines/people-lines.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'
import {
  importRequest,
  type LinePerson,
  linePerson,
  outcomesOf,
  parseLines,
  peopleFile,
  randomPeople,
  readText,
} from '../../support/app/people-lines.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageRecord, isStored, stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from '../../support/app/test-app.ts'
import { faultyKv } from '../../support/doubles/faulty-kv.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'
import { staleKv } from '../../support/doubles/stale-kv.ts'

/** Forgetting hundreds of objects takes its time. */
beforeEach(() => resetStore(), 60_000)

const send = createTestApp().send
const remove = { method: 'DELETE', headers: bearer(adminKey) }

type AnyLine = Record<string, unknown>

async function exported(query = '', bindings: object = env): Promise<AnyLine[]> {
  const response = await send(`/admin/export${query}`, get(adminKey), bindings)
  expect(response.status).toBe(200)
  return parseLines(await readText(response))
}

const identitiesOf = (lines: readonly AnyLine[]) =>
  lines.flatMap(({ identity }) => (identity === undefined ? [] : [identity]))

async function verify(identity: string, text: string, path = '/verify'): Promise<unknown> {
  const response = await send(path, json({ identity, image: base64(text) }))
  return (await response.json<{ decision?: string; code?: string }>()).decision
}

describe('GET /admin/export', () => {
  it('is a header, a line a person in the order of the bytes, and a closing line', async () => {
    await enroll(send, 'zoe', ['face zoe 0', 'face zoe 0.1'], { name: 'Zoë' })
    await enroll(send, 'Bob')
    await enroll(send, 'ada')
    const response = await send('/admin/export', get(adminKey))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const text = await readText(response)
    const lines = parseLines<AnyLine>(text)
    for (const line of lines) expect(peopleLine.safeParse(line).success).toBe(true)
    const [header, ...rest] = lines
    expect(header).toMatchObject({
      format: 'facegate-people',
      version: 2,
      model: 'fake-network@0123abcd',
    })
    expect(identitiesOf(rest)).toEqual(['Bob', 'ada', 'zoe'])
    expect(rest[2]).toMatchObject({
      name: 'Zoë',
      encodings: [expect.any(String), expect.any(String)],
    })
    const checksum = createLinesChecksum()
    checksum.add(text.slice(0, text.trimEnd().lastIndexOf('\n') + 1))
    expect(rest[3]).toEqual({ people: 3, unreadable: 0, sha256: checksum.digest() })
  })

  it('of nobody is a header and a closing line', async () => {
    expect(await exported()).toHaveLength(2)
  })

  it('comes in parts, each with a cursor for the next and its own checksum', async () => {
    for (const person of ['a', 'b', 'c', 'd', 'e']) await enroll(send, person)
    const first = await exported('?limit=2')
    expect(identitiesOf(first)).toEqual(['a', 'b'])
    expect(first.at(-1)).toMatchObject({ people: 2, cursor: 'b' })
    const rest = await exported('?cursor=b&limit=3')
    expect(identitiesOf(rest)).toEqual(['c', 'd', 'e'])
    expect(rest.at(-1)).not.toHaveProperty('cursor')
  })

  it('reads on over many pages', async () => {
    const people = randomPeople(120)
    await outcomesOf(
      await send('/admin/import?allowDuplicate=true', importRequest(peopleFile(people))),
    )
    const lines = await exported()
    expect(identitiesOf(lines)).toEqual(people.map(({ identity }) => identity))
    expect(lines.at(-1)).toMatchObject({ people: 120 })
  })

  it('says of a record that cannot be read that it cannot be read', async () => {
    await enroll(send, 'ada')
    await enroll(send, 'bob')
    await damageRecord('ada')
    const [, ada, bob, closing] = await exported()
    expect(ada).toEqual({
      identity: 'ada',
      unreadable:
        'The stored record cannot be read (it does not open with any of the TEMPLATE_KEYS).',
    })
    expect(bob).toMatchObject({ identity: 'bob', encodings: [expect.any(String)] })
    expect(closing).toMatchObject({ people: 1, unreadable: 1 })
  })

  it('has what is true now while KV shows what was, or nothing at all', async () => {
    await enroll(send, 'gone')
    await enroll(send, 'ada', ['face old 0'])
    const late = staleKv(env.IDENTITIES)
    await late.catchUp()
    await enroll(send, 'ada', ['face new 0'])
    await enroll(send, 'bob')
    await send('/admin/identities/gone', remove)
    const fresh = await exported()
    expect(identitiesOf(fresh)).toEqual(['ada', 'bob'])
    for (const kv of [late.kv, faultyKv(env.IDENTITIES, 'get')]) {
      const lines = await exported('', { ...env, IDENTITIES: kv })
      expect(lines.slice(1, -1)).toEqual(fresh.slice(1, -1))
    }
  })

  it('is who is enrolled, with a face that was acknowledged, after 200 changes of the same people at once', async () => {
    const faces = new Map<string, string[]>()
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const identity = `p${i % 20}`
        if (i % 3 === 2) {
          const { status } = await send(`/admin/identities/${identity}`, remove)
          expect([204, 404]).toContain(status)
          return
        }
        const person = `${String.fromCharCode(97 + (i % 26))}${i}`
        const photos = [`face ${person} 0`]
        const { status } = await enroll(send, identity, photos, { allowDuplicate: true })
        expect([200, 201]).toContain(status)
        const face = encodingToText(fakeEncoding(person))
        faces.set(identity, [...(faces.get(identity) ?? []), face])
      }),
    )
    const identities = Array.from({ length: 20 }, (_, i) => `p${i}`)
    const enrolled = await Promise.all(identities.map(isStored))
    const lines = await exported()
    expect(identitiesOf(lines)).toEqual(identities.filter((_, i) => enrolled[i]).sort())
    for (const { identity, encodings } of lines.slice(1, -1)) {
      const acknowledged = faces.get(identity as string)
      expect(acknowledged).toEqual(expect.arrayContaining(encodings as string[]))
    }
  })

  it('breaks off without a closing line when the store fails midway', async () => {
    const { send: quiet } = createTestApp()
    await enroll(quiet, 'ada')
    const bindings = { ...env, DIRECTORY: faultyObjects(env.DIRECTORY, 'people') }
    const response = await quiet('/admin/export', get(adminKey), bindings)
    expect(response.status).toBe(200)
    await expect(readText(response)).rejects.toThrow('The store failed to list.')
  })

  it('refuses a key of the role app, and fields that it does not know', async () => {
    await expectProblem(await send('/admin/export', get(appKey)), 'forbidden')
    const unknown = await send('/admin/export?all=1', get(adminKey))
    expect(await expectProblem(unknown, 'invalid_request')).toBe(
      'field "all": not a field of this endpoint; this endpoint takes cursor, limit',
    )
    for (const limit of ['0', 'many', '100001']) {
      const response = await send(`/admin/export?limit=${limit}`, get(adminKey))
      expect(await expectProblem(response, 'invalid_request')).toContain('field "limit"')
    }
  })
})

describe('POST /admin/import', () => {
  it('brings back everybody who was exported, as they were', async () => {
    await enroll(send, 'zoe', ['face zoe 0', 'face zoe 0.1'], { name: 'Zoë' })
    await enroll(send, 'ada')
    const before = await readText(await send('/admin/export', get(adminKey)))
    await resetStore()
    expect(await exported()).toHaveLength(2)
    const response = await createTestApp().send('/admin/import', importRequest(before))
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const outcomes = await outcomesOf(response)
    for (const outcome of outcomes) expect(importOutcome.parse(outcome)).toEqual(outcome)
    expect(outcomes).toEqual([
      { line: 2, identity: 'ada', outcome: 'created' },
      { line: 3, identity: 'zoe', outcome: 'created' },
      {
        outcome: 'finished',
        created: 2,
        replaced: 0,
        unchanged: 0,
        refused: 0,
        checksum: 'verified',
      },
    ])
    const people = parseLines<AnyLine>(before).slice(1, -1)
    expect((await exported()).slice(1, -1)).toEqual(people)
    expect(await verify('zoe', 'face zoe 0.05')).toBe('match')
    expect(await verify('ada', 'face zoe 0.05')).toBe('no_match')
  })

  it('changes nobody when it is repeated', async () => {
    const people = randomPeople(30)
    const file = peopleFile(people)
    const first = await outcomesOf(await send('/admin/import', importRequest(file)))
    expect(first.at(-1)).toMatchObject({ created: 30, refused: 0, checksum: 'verified' })
    const versions = () =>
      Promise.all(people.map(async ({ identity }) => (await stateOf(identity))?.version))
    const before = await versions()
    const again = await outcomesOf(await send('/admin/import', importRequest(file)))
    expect(again.at(-1)).toMatchObject({ created: 0, unchanged: 30, refused: 0 })
    expect(await versions()).toEqual(before)
  })

  it('tells of the same face how suspect its photos are, and forgets nothing of it', async () => {
    await enroll(send, 'ada', ['face ada 0'])
    await enroll(send, 'twin', ['face ada 0.1'], { allowDuplicate: true })
    const imported = async (fields: Partial<LinePerson>) => {
      const body = importRequest(formatPerson(linePerson('ada', fields)))
      const [first] = await outcomesOf(await send('/admin/import', body))
      const [, line] = await exported()
      return [first, line?.suspicion]
    }
    const outcome = (outcome: string) => expect.objectContaining({ identity: 'ada', outcome })
    expect(await imported({ suspicion: 0.25 })).toEqual([outcome('replaced'), 0.25])
    expect(await imported({ suspicion: 0.25 })).toEqual([outcome('unchanged'), 0.25])
    expect(await imported({})).toEqual([outcome('unchanged'), 0.25])
    expect(await imported({ suspicion: 0.5 })).toEqual([outcome('replaced'), 0.5])
  })

  it('goes on where it was broken off', async () => {
    const people = randomPeople(120)
    const file = peopleFile(people)
    const bytes = new TextEncoder().encode(file)
    let sent = 0
    const cut = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent > bytes.length / 2) return void controller.error(new Error('hung up'))
        controller.enqueue(bytes.slice(sent, sent + 10_000))
        sent += 10_000
      },
    })
    const path = '/admin/import?allowDuplicate=true'
    const first = await outcomesOf(await send(path, importRequest(cut)))
    const closing = first.at(-1)!
    expect(closing).toMatchObject({
      outcome: 'finished',
      checksum: 'missing',
      problem: 'The body broke off before its end.',
    })
    const created = first.length - 1
    expect(created).toBeGreaterThan(50)
    expect(created).toBeLessThan(120)
    const second = await outcomesOf(await send(path, importRequest(file)))
    expect(second.at(-1)).toMatchObject({
      unchanged: created,
      created: 120 - created,
      checksum: 'verified',
    })
  })

  it('reads no more than it has dealt with', async () => {
    const people = randomPeople(400)
    const lines = people.map(formatPerson)
    let pulled = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (pulled === lines.length) return controller.close()
          controller.enqueue(new TextEncoder().encode(lines[pulled++]))
        },
      },
      { highWaterMark: 0 },
    )
    const response = await send('/admin/import?allowDuplicate=true', importRequest(body))
    expect(pulled).toBeLessThanOrEqual(2)
    const reader = response.body!.getReader()
    await reader.read()
    expect(pulled).toBeLessThan(110)
    await reader.cancel()
    expect((await exported()).length).toBeLessThan(110)
  })

  it('replaces who says something else, and lets the later of two lines count', async () => {
    await enroll(send, 'ada', ['face old 0'], { name: 'Ada' })
    const body = [
      linePerson('ada', { encodings: [fakeEncoding('new')] }),
      linePerson('bob', { encodings: [fakeEncoding('bob')] }),
      linePerson('bob', { encodings: [fakeEncoding('bob', 0.2)], name: 'Bob' }),
      linePerson('bob', { encodings: [fakeEncoding('bob', 0.2)], name: 'Robert' }),
    ].map(formatPerson)
    const outcomes = await outcomesOf(await send('/admin/import', importRequest(body.join(''))))
    expect(outcomes.slice(0, 4)).toEqual([
      { line: 1, identity: 'ada', outcome: 'replaced' },
      { line: 2, identity: 'bob', outcome: 'created' },
      { line: 3, identity: 'bob', outcome: 'replaced' },
      { line: 4, identity: 'bob', outcome: 'replaced' },
    ])
    expect(await verify('ada', 'face old 0')).toBe('no_match')
    expect(await verify('ada', 'face new 0')).toBe('match')
    const [, ada, bob] = await exported()
    expect(ada).not.toHaveProperty('name')
    expect(bob).toMatchObject({ name: 'Robert' })
  })

  it('refuses, line by line, another network, what is malformed and what was unreadable', async () => {
    const good = formatPerson(linePerson('ada'))
    const body = [
      good,
      formatPerson(linePerson('bob', { model: 'other-network@89abcdef' })),
      '{"identity":"cleo","unreadable":"damaged"}\n',
      '{"identity":"no spaces","model":"fake-network@0123abcd","encodings":[]}\n',
      `${good.trimEnd().slice(0, -1)},"threshold":1}\n`,
      'not JSON\n',
      `{"identity":"dora","model":"fake-network@0123abcd","encodings":["${btoa('short')}"]}\n`,
      formatPerson(linePerson('eve', { encodings: [new Float32Array(128)] })),
      formatPerson(linePerson('fay', { encodings: Array(11).fill(fakeEncoding('fay')) })),
      formatPerson(linePerson('gus', { expiresAt: '2020-01-01T00:00:00.000Z' })),
      '\n',
      `${'['.repeat(9)}\n`,
      `{"identity":"hal","name":"${'x'.repeat(140_000)}"}\n`,
      formatPerson(linePerson('ivy')),
    ].join('')
    const outcomes = await outcomesOf(await send('/admin/import', importRequest(body)))
    const told = outcomes.map((one) =>
      'code' in one
        ? [one.line, one.identity, one.code, one.detail]
        : [one.outcome, 'identity' in one ? one.identity : ''],
    )
    const malformed = 'invalid_request'
    expect(told).toEqual([
      ['created', 'ada'],
      [
        2,
        'bob',
        'model_mismatch',
        'The encodings are of another network; fake-network@0123abcd runs now.',
      ],
      [3, 'cleo', 'record_unreadable', 'The record could not be read when it was exported.'],
      [
        4,
        undefined,
        malformed,
        'field "identity": expected 1 to 128 characters of A-Z a-z 0-9 . _ -; field "encodings": expected 1 to 10 encodings',
      ],
      [5, 'ada', malformed, 'unknown field "threshold"'],
      [6, undefined, malformed, 'expected a JSON object'],
      [
        7,
        'dora',
        malformed,
        'field "encodings.0": expected 4 to 1024 numbers, a multiple of 4, as finite float32 in base64',
      ],
      [
        8,
        'eve',
        malformed,
        'field "encodings.0": expected 4 to 1024 numbers, a multiple of 4, as finite float32 in base64',
      ],
      [9, 'fay', malformed, 'field "encodings": expected 1 to 10 encodings'],
      [10, 'gus', malformed, 'field "expiresAt": expected a time in the future'],
      [12, undefined, malformed, 'the line nests deeper than 4'],
      [13, undefined, malformed, 'the line is longer than 131072 bytes'],
      ['created', 'ivy'],
      ['finished', ''],
    ])
    expect(identitiesOf(await exported())).toEqual(['ada', 'ivy'])
  })

  it('refuses whoever is enrolled under another identity, also by a line before', async () => {
    await enroll(send, 'ada')
    const body = [
      linePerson('twin', { encodings: [fakeEncoding('ada', 0.1)] }),
      linePerson('bob', { encodings: [fakeEncoding('bob')] }),
      linePerson('bob-again', { encodings: [fakeEncoding('bob', 0.1)] }),
      linePerson('ada', { encodings: [fakeEncoding('ada', 0.1)] }),
    ]
      .map(formatPerson)
      .join('')
    const outcomes = await outcomesOf(await send('/admin/import', importRequest(body)))
    expect(outcomes).toMatchObject([
      { identity: 'twin', outcome: 'refused', code: 'duplicate_person', retryable: false },
      { identity: 'bob', outcome: 'created' },
      { identity: 'bob-again', code: 'duplicate_person', detail: expect.stringContaining(' bob ') },
      { identity: 'ada', outcome: 'replaced' },
      { created: 1, replaced: 1, refused: 2 },
    ])
    const allowed = await send('/admin/import?allowDuplicate=true', importRequest(body))
    expect((await outcomesOf(allowed)).at(-1)).toMatchObject({
      created: 2,
      unchanged: 2,
      refused: 0,
    })
  })

  it('tells of a checksum that is wrong or missing, and undoes nothing', async () => {
    const file = peopleFile([linePerson('ada'), linePerson('bob')])
    const changed = file.replace('"ada"', '"adb"')
    const wrong = await outcomesOf(await send('/admin/import', importRequest(changed)))
    expect(wrong.at(-1)).toMatchObject({ created: 2, checksum: 'wrong' })
    const cut = file.slice(0, file.trimEnd().lastIndexOf('\n') + 1)
    const missing = await outcomesOf(
      await send('/admin/import?allowDuplicate=true', importRequest(cut)),
    )
    expect(missing.at(-1)).toMatchObject({ created: 1, unchanged: 1, checksum: 'missing' })
    expect(identitiesOf(await exported())).toEqual(['ada', 'adb', 'bob'])
  })

  it('refuses only the lines of people who cannot be reached, and says that they may be retried', async () => {
    const body = peopleFile([linePerson('ada'), linePerson('bob')])
    const bindings = { ...env, PERSON: faultyObjects(env.PERSON, 'commit') }
    const outcomes = await outcomesOf(await send('/admin/import', importRequest(body), bindings))
    expect(outcomes).toMatchObject([
      { identity: 'ada', outcome: 'refused', code: 'store_unavailable', retryable: true },
      { identity: 'bob', outcome: 'refused', code: 'store_unavailable', retryable: true },
      { outcome: 'finished', refused: 2, checksum: 'verified' },
    ])
  })

  it('repairs a record that cannot be read', async () => {
    await enroll(send, 'ada')
    await damageRecord('ada')
    const outcomes = await outcomesOf(
      await send('/admin/import', importRequest(formatPerson(linePerson('ada')))),
    )
    expect(outcomes[0]).toEqual({ line: 1, identity: 'ada', outcome: 'replaced' })
    expect(await verify('ada', 'face ada 0')).toBe('match')
  })

  it('refuses a body that is none of its own, as a whole', async () => {
    const refusals: [BodyInit | null, string][] = [
      [null, 'body: expected lines of JSON'],
      ['', 'body: expected lines of JSON'],
      ['\n \n', 'body: expected lines of JSON'],
      ['[]', 'line 1: expected a JSON object'],
      ['\n"text"\n', 'line 2: expected a JSON object'],
      [new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 10, 0xff]), 'line 1: expected text in UTF-8'],
      [new Uint8Array(200_000).fill(0x61), 'line 1: the line is longer than 131072 bytes'],
      ['['.repeat(30_000), 'line 1: the line nests deeper than 4'],
    ]
    for (const [body, detail] of refusals) {
      const request = importRequest(body ?? '')
      if (body === null) delete request.body
      expect(await expectProblem(await send('/admin/import', request), 'invalid_request')).toBe(
        detail,
      )
    }
    const wrongType = { ...importRequest('{}'), headers: bearer(adminKey) }
    expect(await expectProblem(await send('/admin/import', wrongType), 'invalid_request')).toBe(
      'Content-Type: expected application/x-ndjson',
    )
    const query = await send('/admin/import?fmr=0.1', importRequest('{}'))
    expect(await expectProblem(query, 'invalid_request')).toContain('field "fmr"')
    await expectProblem(await send('/admin/import', importRequest('{}', appKey)), 'forbidden')
    expect(await exported()).toHaveLength(2)
  })

  it('gives up on a body that is mostly something else', async () => {
    const body = formatPerson(linePerson('ada')) + 'junk\n'.repeat(5000)
    const outcomes = await outcomesOf(await send('/admin/import', importRequest(body)))
    expect(outcomes).toHaveLength(103)
    expect(outcomes.at(-1)).toMatchObject({
      created: 1,
      refused: 101,
      problem: 'More than 100 lines are no JSON objects.',
    })
  })
})
