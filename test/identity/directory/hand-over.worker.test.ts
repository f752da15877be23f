/** The directory before it was divided, and what becomes of its people. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDirectory } from '../../../src/identity/directory/directory.ts'
import {
  directoryParts,
  partNames,
  partOf,
  undividedName,
} from '../../../src/identity/directory/directory-parts.ts'
import {
  type DirectoryChange,
  writeChange,
} from '../../../src/identity/directory/directory-table.ts'
import { everywhere } from '../../../src/identity/directory/log-position.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import {
  callsOfFaults,
  fails,
  directory as faultOf,
  healFaults,
  isSlow,
  losesItsAnswer,
} from '../../support/doubles/faults.ts'

beforeEach(async () => {
  healFaults()
  await resetStore()
})

const directory = createDirectory(env.DIRECTORY)
const undivided = () => env.DIRECTORY.getByName(undividedName)
const people = Array.from({ length: 300 }, (_, i) => `p${i.toString().padStart(3, '0')}`)
const at = '2026-11-24T03:33:00.000Z'
const listing = { encodings: 2, model: 'm@0', createdAt: at, updatedAt: at }

function enrolled(identity: string, version = 1): DirectoryChange {
  const person = { entry: `entry of ${identity} ${version}`, listing }
  return { identity, version, person, isCopied: true, nowMs: Date.now() }
}
const deleted = (identity: string, version: number): DirectoryChange => ({
  ...enrolled(identity, version),
  person: null,
})

/** As the object was left by the version before: changes 1 to 300, then p000 deleted, then p001 changed. */
async function fillUndivided(): Promise<void> {
  await runInDurableObject(undivided(), (_, { storage }) => {
    for (const identity of people) writeChange(storage.sql, enrolled(identity))
    writeChange(storage.sql, deleted('p000', 2))
    writeChange(storage.sql, enrolled('p001', 2))
  })
}

const listed = async () =>
  (await directory.people({ prefix: '', after: '', limit: 1000 })).map(({ identity }) => identity)
const rowsLeft = () =>
  runInDurableObject(undivided(), (_, { storage }) =>
    Number(storage.sql.exec('SELECT count(*) AS rows FROM people').one().rows),
  )

/** What a call of an object fails with. */
async function failure(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call()
    return undefined
  } catch (error) {
    return error
  }
}

describe('people of the one object', () => {
  it('are listed, counted, and in the log, each once, and then in the parts alone', async () => {
    await fillUndivided()
    expect(await directory.count()).toBe(299)
    expect(await listed()).toEqual(people.slice(1))
    const entries = await directory.entries('', 1000)
    expect(entries.find(({ identity }) => identity === 'p001')).toMatchObject({
      version: 2,
      seq: 302,
      entry: 'entry of p001 2',
    })
    expect(await rowsLeft()).toBe(0)
    for (const [part, name] of partNames.entries()) {
      const own = await env.DIRECTORY.getByName(name).people({ prefix: '', after: '', limit: 1000 })
      expect(own.map(({ identity }) => partOf(identity))).toEqual(own.map(() => part))
    }
  })

  it('are followed from the number that a reader had come to', async () => {
    await fillUndivided()
    const page = await directory.changesSince(everywhere(300), everywhere(300))
    expect(page?.changes.map(({ identity, entry }) => [identity, entry !== null]).sort()).toEqual([
      ['p000', false],
      ['p001', true],
    ])
    expect(page).toMatchObject({ isComplete: true, position: everywhere(302) })
    await env.DIRECTORY.getByName(partNames[partOf('p007')]!).change(enrolled('p007', 2))
    const later = await directory.changesSince(page!.position, page!.position)
    expect(later?.changes).toMatchObject([{ identity: 'p007', version: 2, seq: 303 }])
    expect(await directory.changesSince(everywhere(303), everywhere(303))).toBeNull()
  })

  it('leave with the deletions that it had forgotten: who needed those reads everything again', async () => {
    await fillUndivided()
    await runInDurableObject(undivided(), (_, { storage }) => {
      storage.sql.exec('UPDATE state SET forgotten_seq = 9, forgotten_ms = 500')
    })
    expect(await directory.changesSince(everywhere(8), everywhere(8))).toBeNull()
    expect(await directory.changesSince(everywhere(9), everywhere(9))).not.toBeNull()
    expect(await directory.changesSinceTime(500, everywhere(0))).toBeNull()
    expect(await directory.changesSinceTime(501, everywhere(0))).not.toBeNull()
  })

  it('can be deleted and changed as the first thing that happens to a part', async () => {
    await fillUndivided()
    await env.DIRECTORY.getByName(partNames[partOf('p002')]!).change(deleted('p002', 2))
    await env.DIRECTORY.getByName(partNames[partOf('p003')]!).change(enrolled('p003', 2))
    expect(await directory.count()).toBe(298)
    expect(await listed()).toEqual(people.filter((id) => id !== 'p000' && id !== 'p002'))
  })

  it('are not undone by an old version that a part is told late', async () => {
    await fillUndivided()
    await env.DIRECTORY.getByName(partNames[partOf('p001')]!).change(deleted('p001', 1))
    expect(await listed()).toContain('p001')
  })

  it('come over once, whoever asks at the same time', async () => {
    await fillUndivided()
    const asked = Array.from({ length: 20 }, () => directory.count())
    expect(await Promise.all(asked)).toEqual(asked.map(() => 299))
  })
})

describe('while the one object does not answer', () => {
  it.each(['handOver', 'handedOver'] as const)(
    '(%s) nothing is listed, and nothing is lost',
    async (method) => {
      await fillUndivided()
      faultOf([method], fails)
      await expect(directory.people({ prefix: '', after: '', limit: 10 })).rejects.toMatchObject({
        code: 'store_unavailable',
      })
      await expect(directory.count()).rejects.toMatchObject({ code: 'store_unavailable' })
      const part = env.DIRECTORY.getByName(partNames[0]!)
      expect(await failure(() => part.change(enrolled('new')))).toMatchObject({
        message: 'injected: it is down',
      })
      healFaults()
      expect(await listed()).toEqual(people.slice(1))
      expect(await rowsLeft()).toBe(0)
    },
  )

  it('or its answer is lost: asked again, it gives the same', async () => {
    await fillUndivided()
    faultOf(['handedOver'], losesItsAnswer)
    await expect(directory.count()).rejects.toMatchObject({ code: 'store_unavailable' })
    healFaults()
    expect(await directory.count()).toBe(299)
    expect(await listed()).toEqual(people.slice(1))
  })

  it('and parts are killed meanwhile: what they stored is there, and the rest comes over', async () => {
    await fillUndivided()
    faultOf(['handedOver'], isSlow)
    const broken = failure(() => directory.count())
    await expect.poll(callsOfFaults).toBe(directoryParts)
    for (const name of partNames) {
      const killed = runInDurableObject(env.DIRECTORY.getByName(name), (_, state) => state.abort())
      await killed.catch(() => undefined)
    }
    healFaults()
    expect(await broken).toMatchObject({ code: 'store_unavailable' })
    expect(await directory.count()).toBe(299)
    expect(await listed()).toEqual(people.slice(1))
    expect(await rowsLeft()).toBe(0)
  })

  it('a part that has its people goes on, and the one object keeps the rows of the others', async () => {
    await fillUndivided()
    const part = env.DIRECTORY.getByName(partNames[2]!)
    const own = await part.count()
    expect(await rowsLeft()).toBe(301 - 1)
    faultOf(['handOver'], fails)
    expect(await part.count()).toBe(own)
    await expect(directory.count()).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})

describe('the one object', () => {
  it('answers no reader any more, rather than too little', async () => {
    await fillUndivided()
    const page = { prefix: '', after: '', limit: 10 }
    const calls = [
      () => undivided().people(page),
      () => undivided().entries(''),
      () => undivided().count(),
      () => undivided().changesSince(0),
      () => undivided().changesSinceTime(1),
    ]
    for (const call of calls) {
      expect(await failure(call)).toMatchObject({ message: 'the directory is in parts now' })
    }
  })

  it('passes on what it is still told, before the parts have their people and after', async () => {
    await fillUndivided()
    await undivided().change(enrolled('from-before', 1))
    await undivided().change(deleted('p010', 2))
    expect(await listed()).toEqual([
      'from-before',
      ...people.slice(1).filter((id) => id !== 'p010'),
    ])
    await undivided().change(enrolled('late', 1))
    expect(await listed()).toContain('late')
    expect(await directory.count()).toBe(300)
  })

  it('hands over page by page', async () => {
    await fillUndivided()
    const handed = await undivided().handOver(partOf('p001'), 0)
    expect(handed).toMatchObject({ isComplete: true, seq: 302, state: { seq: 302 } })
    const rest = await undivided().handOver(partOf('p001'), 301)
    expect(rest.rows.map(({ identity }) => identity)).toEqual(['p001'])
    const all = await Promise.all(partNames.map((_, part) => undivided().handOver(part, 0)))
    expect(all).toHaveLength(directoryParts)
    expect(all.flatMap(({ rows }) => rows)).toHaveLength(300)
  })
})
