/** Many lines through the handler, over a store in memory; what it does with real objects is in import-export.isolate.test.ts. */
import { describe, expect, it } from 'vitest'
import type { Call } from '../../../src/api/contract/endpoint.ts'
import { importPeople } from '../../../src/api/endpoints/import-people.ts'
import { formatPerson } from '../../../src/people/lines/people-lines.ts'
import { createFakeEngine, fakeEncoding } from '../../support/app/fake-engine.ts'
import { linePerson, parseLines, peopleFile, randomPeople } from '../../support/app/people-lines.ts'
import { createMemoryStore } from '../../support/doubles/memory-store.ts'

function callWith(body: BodyInit, store = createMemoryStore()): Call {
  const unused = () => Promise.reject(new Error('not needed'))
  const none = () => {
    throw new Error('not needed')
  }
  return {
    request: new Request('http://local/admin/import?allowDuplicate=true', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson' },
      body,
      duplex: 'half',
    } as RequestInit),
    requestId: '01M85XZGHSMA8T3RG3MVZ4486X',
    pathFields: new Map(),
    store,
    now: new Date('2026-11-24T00:00:00.000Z'),
    clock: none,
    keyId: 'ops',
    isAdmin: true,
    chargeTry: unused,
    requireLeft: none,
    detail: 'everything',
    issuer: none,
    rivals: true,
    nameDevice: none,
    nameIdentity: none,
    startEngine: async () => createFakeEngine(),
    gallery: { open: unused },
    recentGallery: { open: unused, renewIfDue: unused, forget: unused },
    isEdge: false,
    thresholds: {
      covers: () => false,
      ownRate: () => null,
      missed: () => null,
      strangersApart: none,
      ...{ verification: none, identification: none, duplicate: none, together: none },
    },
    liveness: { policy: 'off' },
    checkHealth: unused,
    guard: { attempt: unused, issueChallenge: unused, unlock: unused },
    sessions: {
      open: unused,
      drawPoses: unused,
      announcePhoto: unused,
      read: unused,
      revoke: unused,
      attempt: unused,
    },
    receipts: { publicKeys: [], sign: unused },
    noteIdentity: none,
    auditPeople: () => {},
  }
}

async function importAll(call: Call) {
  const { lines } = await importPeople.handle(call)
  let text = ''
  for await (const part of lines!) text += part
  return parseLines<Record<string, unknown>>(text)
}

describe('2,000 lines', () => {
  const people = randomPeople(2000)
  const file = peopleFile(people)

  it('have an outcome each, in their order, and all are stored; a second time none is', async () => {
    const store = createMemoryStore()
    const outcomes = await importAll(callWith(file, store))
    expect(outcomes.slice(0, -1)).toEqual(
      people.map(({ identity }, i) => ({ line: i + 2, identity, outcome: 'created' })),
    )
    expect(outcomes.at(-1)).toMatchObject({ created: 2000, refused: 0, checksum: 'verified' })
    for (const { identity, encodings } of people) {
      expect(store.people.get(identity)).toMatchObject({ version: 1, record: { encodings } })
    }
    const again = await importAll(callWith(file, store))
    expect(again.at(-1)).toMatchObject({ unchanged: 2000, created: 0, refused: 0 })
    expect(store.people.get('p000000')).toMatchObject({ version: 1 })
  })

  it('ask the store of 50 people at once, not of more', async () => {
    const store = createMemoryStore()
    await importAll(callWith(file, store))
    expect(store.mostAtOnce).toBe(50)
  })

  it('are the same however the body is cut into pieces', async () => {
    const bytes = new TextEncoder().encode(file)
    for (const size of [1000, 65_536]) {
      let at = 0
      const pieces = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= bytes.length) return controller.close()
          controller.enqueue(bytes.slice(at, at + size))
          at += size
        },
      })
      const outcomes = await importAll(callWith(pieces))
      expect(outcomes.at(-1)).toMatchObject({ created: 2000, checksum: 'verified' })
    }
  })
})

describe('a person who changes while their line is dealt with', () => {
  it('is what the line says in the end', async () => {
    const store = createMemoryStore()
    const { find } = store
    let isFirst = true
    store.find = async (identity) => {
      const found = await find(identity)
      if (isFirst) {
        isFirst = false
        const at = '2026-11-23T00:00:00.000Z'
        const person = linePerson('ada', { encodings: [fakeEncoding('other')] })
        await store.put({ ...person, createdAt: at, updatedAt: at }, 0)
      }
      return found
    }
    const outcomes = await importAll(callWith(formatPerson(linePerson('ada')), store))
    expect(outcomes[0]).toEqual({ line: 1, identity: 'ada', outcome: 'replaced' })
    expect(store.people.get('ada')).toMatchObject({
      version: 2,
      record: { encodings: [fakeEncoding('ada')] },
    })
  })
})
