/** What the scripts for many people do when the Worker fails, over a server that says what a test wants. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { exportPeople } from '../../scripts/people/export-people.ts'
import { importPeople } from '../../scripts/people/import-people.ts'
import { openJournal } from '../../scripts/people/journal.ts'
import { describeWithout, peopleWithout } from '../../scripts/people/list-people.ts'
import { checkPeopleFile } from '../../scripts/people/people-file.ts'
import { rotateKey } from '../../scripts/people/rotate-key.ts'
import {
  createLinesChecksum,
  formatClosing,
  formatHeader,
  formatPerson,
} from '../../src/people/lines/people-lines.ts'
import { fakeModel } from '../support/app/fake-engine.ts'
import { linePerson, parseLines, peopleFile, randomPeople } from '../support/app/people-lines.ts'

const key = 'people-scripts-key'

/** Waits by length; none is waited for. */
const sleeps = vi.hoisted((): number[] => [])
vi.mock('node:timers/promises', () => ({
  setTimeout: async (milliseconds: number) => {
    sleeps.push(milliseconds)
  },
}))

interface Reply {
  readonly status?: number
  readonly body: string
  /** Closes the connection instead of ending. */
  readonly isCut?: boolean
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-people-scripts-'))
})
afterAll(() => rm(folder, { recursive: true }))

let server: Server
let address: { url: string; key: string }
let seen: { path: string; body: string }[]
let answer: (path: string, body: string, attempt: number) => Reply
beforeEach(async () => {
  seen = []
  sleeps.length = 0
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      const path = request.url!
      expect(request.headers.authorization).toBe(`Bearer ${key}`)
      seen.push({ path, body })
      const reply = answer(path, body, seen.length)
      const isLines = reply.status === undefined && /^\/admin\/(im|ex)port/.test(path)
      const type = isLines ? 'application/x-ndjson' : 'application/json'
      response.writeHead(reply.status ?? 200, { 'content-type': type })
      response.write(reply.body)
      if (reply.isCut) setImmediate(() => request.socket.destroy())
      else response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key }
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

type Sent = { identity?: string; sha256?: string }
const toText = (lines: readonly object[]) =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** Outcomes as /admin/import tells them. */
function outcomes(body: string, of: (identity: string) => object = () => ({ outcome: 'created' })) {
  const told = parseLines<Sent>(body).flatMap(({ identity }, i) =>
    identity === undefined ? [] : [{ line: i + 1, identity, ...of(identity) }],
  )
  return toText([...told, { outcome: 'finished', checksum: 'verified' }])
}

const refusal = (code: string, retryable: boolean) => ({
  outcome: 'refused',
  code,
  detail: 'why',
  retryable,
})

async function writePeople(text: string): Promise<string> {
  const file = join(folder, 'people.ndjson')
  await writeFile(file, text)
  return file
}

describe('import-people', () => {
  it('sends 500 people a request, each request whole in itself', async () => {
    const people = randomPeople(1200)
    answer = (_, body) => ({ body: outcomes(body) })
    const { count, failures } = await importPeople(await writePeople(peopleFile(people)), address)
    expect(count).toEqual({ created: 1200, replaced: 0, unchanged: 0, refused: 0 })
    expect(failures).toEqual([])
    expect(seen.map(({ body }) => parseLines(body).length)).toEqual([501, 501, 201])
    for (const { body } of seen) {
      const checksum = createLinesChecksum()
      checksum.add(body.slice(0, body.trimEnd().lastIndexOf('\n') + 1))
      expect(parseLines<Sent>(body).at(-1)!.sha256).toBe(checksum.digest())
    }
  })

  it('sends lines again that may succeed later, and only those', async () => {
    answer = (_, body, attempt) => ({
      body: outcomes(body, (identity) =>
        identity === 'bob' && attempt < 3
          ? refusal('store_unavailable', true)
          : identity === 'eve'
            ? refusal('duplicate_person', false)
            : { outcome: 'replaced' },
      ),
    })
    const file = await writePeople(peopleFile(['ada', 'bob', 'eve'].map((id) => linePerson(id))))
    expect(await importPeople(file, address)).toEqual({
      count: { created: 0, replaced: 2, unchanged: 0, refused: 1 },
      failures: ['line 4: eve: duplicate_person: why'],
    })
    expect(seen.map(({ body }) => parseLines<Sent>(body).map(({ identity }) => identity))).toEqual([
      ['ada', 'bob', 'eve', undefined],
      ['bob', undefined],
      ['bob', undefined],
    ])
    expect(sleeps).toEqual([500, 1000])
  })

  it('repeats a request whose answer broke off, or says that the lines arrived changed', async () => {
    answer = (_, body, attempt) => {
      const whole = outcomes(body)
      if (attempt === 1) return { body: whole.slice(0, 20), isCut: true }
      if (attempt === 2) return { body: whole.slice(0, whole.indexOf('\n') + 1) }
      if (attempt === 3) return { body: whole.replace('verified', 'wrong') }
      return { body: whole }
    }
    const file = await writePeople(peopleFile([linePerson('ada')]))
    expect((await importPeople(file, address)).count).toMatchObject({ created: 1 })
    expect(seen).toHaveLength(4)
  })

  it('ends when a request is refused as a whole', async () => {
    const problem = {
      code: 'unauthorized',
      detail: 'No live key.',
      hint: 'Send a live key.',
      retryable: false,
    }
    answer = () => ({ status: 401, body: JSON.stringify(problem) })
    const file = await writePeople(peopleFile(randomPeople(1200)))
    await expect(importPeople(file, address)).rejects.toThrow('unauthorized: No live key.')
    expect(seen).toHaveLength(1)
  })

  it.each([
    [
      'an export that was cut off',
      formatHeader({ model: fakeModel, date: '2026-11-24T00:00:00.000Z' }),
      'it has no closing line; the export was cut off (--incomplete imports what is there)',
    ],
    [
      'some other file',
      '# Some other file\n',
      'this is no file that `npm run export` wrote: it has no header',
    ],
  ])('refuses %s before it asks the Worker anything', async (_, text, fault) => {
    const file = await writePeople(text)
    await expect(importPeople(file, address)).rejects.toThrow(`${file}: ${fault}`)
    expect(seen).toEqual([])
  })

  it('does not send what is no JSON object, and names its line', async () => {
    answer = (_, body) => ({ body: outcomes(body) })
    const text = `\nnot JSON\n${formatPerson(linePerson('ada'))}${'x'.repeat(140_000)}\n`
    const { failures, count } = await importPeople(await writePeople(text), {
      ...address,
      incomplete: true,
    })
    expect(count).toMatchObject({ created: 1, refused: 2 })
    expect(failures).toEqual([
      'line 2: invalid_request: expected a JSON object',
      'line 4: invalid_request: the line is longer than 131072 bytes',
    ])
    expect(parseLines(seen[0]!.body)).toHaveLength(2)
  })
})

describe('export', () => {
  function part(identities: readonly string[], cursor?: string): string {
    const text =
      formatHeader({ model: fakeModel, date: '2026-11-24T00:00:00.000Z' }) +
      identities.map((identity) => formatPerson(linePerson(identity))).join('')
    const checksum = createLinesChecksum()
    checksum.add(text)
    const closing = { people: identities.length, unreadable: 0, sha256: checksum.digest() }
    return text + formatClosing({ ...closing, ...(cursor !== undefined && { cursor }) })
  }

  it('puts the parts together into one whole file', async () => {
    answer = (path) => ({
      body: path.includes('cursor=b') ? part(['c']) : part(['a', 'b'], 'b'),
    })
    const file = join(folder, 'out.ndjson')
    expect(await exportPeople(file, address)).toEqual({ people: 3, unreadable: 0 })
    expect(await checkPeopleFile(file)).toEqual({ people: 3, checksum: 'verified' })
    const lines = parseLines<Sent>(await readFile(file, 'utf8'))
    expect(lines.map(({ identity }) => identity)).toEqual([undefined, 'a', 'b', 'c', undefined])
  })

  it('asks again for a part that was cut off or changed, and leaves no file when it stays so', async () => {
    answer = (_path, _body, attempt) => {
      const whole = part(['a', 'b'])
      if (attempt === 1) return { body: whole.slice(0, 300), isCut: true }
      if (attempt === 2) return { body: whole.slice(0, whole.lastIndexOf('{')) }
      if (attempt === 3) return { body: whole.replace('"a"', '"x"') }
      return { body: whole }
    }
    const file = join(folder, 'again.ndjson')
    expect(await exportPeople(file, address)).toMatchObject({ people: 2 })
    expect(seen).toHaveLength(4)
    const never = join(folder, 'never.ndjson')
    answer = () => ({ body: part(['a']).slice(0, 300) })
    await expect(exportPeople(never, address)).rejects.toThrow('A part of the export was cut off.')
    await expect(readFile(never)).rejects.toThrow('ENOENT')
  })
})

describe('rotate-key', () => {
  it('walks until a whole walk finds nobody', async () => {
    const replies = [
      { reencrypted: 200, unreadable: [], cursor: 'm' },
      { reencrypted: 50, unreadable: [] },
      { reencrypted: 1, unreadable: [] },
      { reencrypted: 0, unreadable: ['zoe'] },
    ]
    answer = (_path, _body, attempt) => ({ body: JSON.stringify(replies[attempt - 1]) })
    expect(await rotateKey(address)).toEqual({
      reencrypted: 251,
      unreadable: ['zoe'],
      isFinished: true,
    })
    expect(seen.map(({ path }) => path)).toEqual([
      '/admin/re-encrypt',
      '/admin/re-encrypt?cursor=m',
      '/admin/re-encrypt',
      '/admin/re-encrypt',
    ])
  })

  it('does not say that it is finished while people are still sealed with another key', async () => {
    answer = () => ({ body: JSON.stringify({ reencrypted: 1, unreadable: [] }) })
    expect(await rotateKey(address)).toMatchObject({ isFinished: false })
  })
})

describe('reenroll', () => {
  it('finds who has no encodings of a network, neither first nor beside others', async () => {
    const person = (identity: string, model: string, otherModel?: string) => ({
      identity,
      model,
      otherModel,
    })
    answer = (path) => ({
      body: JSON.stringify(
        path.includes('cursor')
          ? { identities: [person('c', 'old@1', 'new@2'), person('d', 'old@1')] }
          : { identities: [person('a', 'old@1'), person('b', 'new@2')], cursor: 'b' },
      ),
    })
    expect(await peopleWithout('new@2', address)).toEqual(['a', 'd'])
  })

  it('says who that is', () => {
    expect(describeWithout('new@2', [])).toBe('Everybody enrolled has encodings of new@2.')
    expect(describeWithout('new@2', ['a'])).toBe(
      '1 person is enrolled without encodings of new@2:\n  a',
    )
    expect(describeWithout('new@2', ['a', 'd'])).toBe(
      '2 people are enrolled without encodings of new@2:\n  a\n  d',
    )
  })
})

describe('a journal', () => {
  it('is found by a run with the same purpose after this one was killed, and gone after it ended', async () => {
    const purpose = ['test', `${Math.random()}`]
    const first = await openJournal(purpose)
    expect(first.isEmpty).toBe(true)
    await first.add(['a', 'b'])
    await first.add([])
    const second = await openJournal(purpose)
    expect([second.isEmpty, second.has('a'), second.has('b'), second.has('c')]).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect((await openJournal([...purpose, 'other'])).isEmpty).toBe(true)
    await second.finish()
    expect((await openJournal(purpose)).isEmpty).toBe(true)
  })
})
