/** What callers see of a directory in parts: nothing acknowledged is lost, nobody is listed twice, and no list is without a part. */
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryObject } from '../../../src/identity/directory/directory-object.ts'
import { directoryParts, partOf } from '../../../src/identity/directory/directory-parts.ts'
import {
  importRequest,
  outcomesOf,
  peopleFile,
  randomPeople,
} from '../../support/app/people-lines.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { adminKey, base64, bearer, createTestApp, get, json } from '../../support/app/test-app.ts'
import { killObject } from '../../support/doubles/faults.ts'

const { change } = DirectoryObject.prototype
beforeEach(() => resetStore())
afterEach(() => {
  DirectoryObject.prototype.change = change
})

const { send } = createTestApp()

/** These parts learn of no change. */
function breakParts(...parts: number[]): void {
  DirectoryObject.prototype.change = async function (told) {
    if (parts.includes(partOf(told.identity))) throw new Error('the object is down')
    await change.call(this, told)
  }
}

interface Page {
  identities: { identity: string }[]
  cursor?: string
}

/** All pages; `between` happens after each. */
async function walk(limit: number, between: (page: Page) => unknown = () => undefined) {
  const listed: string[] = []
  for (let cursor = ''; ; ) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`
    const answer = await send(`/admin/identities?limit=${limit}${query}`, get(adminKey))
    expect(answer.status).toBe(200)
    const page = await answer.json<Page>()
    listed.push(...page.identities.map(({ identity }) => identity))
    await between(page)
    if (page.cursor === undefined) return listed
    cursor = page.cursor
  }
}

const enrollAs = (identity: string) => {
  const body = { image: base64(`face ${identity} 0`), allowDuplicate: true }
  return send(`/admin/identities/${identity}`, json(body, adminKey, 'PUT'))
}

describe('a directory in parts', () => {
  it('lists all of fifty people who are enrolled at the same time', async () => {
    const people = Array.from({ length: 50 }, (_, i) => `person.${i}`)
    expect(new Set(people.map(partOf)).size).toBe(directoryParts)
    const answers = await Promise.all(people.map(enrollAs))
    expect(answers.map(({ status }) => status)).toEqual(people.map(() => 201))
    expect(await walk(7)).toEqual(people.toSorted())
  })

  it('lists everybody who stays exactly once, whoever comes and goes between the pages', async () => {
    const people = randomPeople(60)
    const imported = await send('/admin/import', importRequest(peopleFile(people)))
    expect((await outcomesOf(imported)).at(-1)).toMatchObject({ created: 60 })
    const goes = (identity: string) => Number(identity.slice(1)) % 3 === 0
    const listed = await walk(5, async ({ identities, cursor }) => {
      // The last one of the page, by whom the next one begins, and the first after it.
      const last = identities.at(-1)?.identity
      if (last !== undefined) await enrollAs(`${last}.new`)
      const after = people.map(({ identity }) => identity).find((id) => id > (cursor ?? 'q'))
      for (const id of [last, after]) {
        if (id === undefined || !goes(id)) continue
        const gone = await send(`/admin/identities/${id}`, {
          method: 'DELETE',
          headers: bearer(adminKey),
        })
        expect([204, 404]).toContain(gone.status)
      }
    })
    expect(listed).toEqual([...new Set(listed)].toSorted())
    const stay = people.map(({ identity }) => identity).filter((id) => !goes(id))
    expect(listed.filter((id) => stay.includes(id))).toEqual(stay)
  })

  it('refuses the lines of an import whose parts fail, and lists them once it is sent again', async () => {
    const people = randomPeople(60)
    breakParts(1, 6)
    const isDown = ({ identity }: { identity: string }) => [1, 6].includes(partOf(identity))
    const first = await outcomesOf(await send('/admin/import', importRequest(peopleFile(people))))
    for (const [i, person] of people.entries()) {
      expect(first[i]).toMatchObject(
        isDown(person)
          ? { identity: person.identity, outcome: 'refused', code: 'store_unavailable' }
          : { identity: person.identity, outcome: 'created' },
      )
    }
    const told = people.filter((person) => !isDown(person)).map(({ identity }) => identity)
    expect(told.length).toBeLessThan(60)
    expect(await walk(10)).toEqual(told)
    DirectoryObject.prototype.change = change
    // As after a restart: what was stored is all that is left.
    for (const { identity } of people.filter(isDown)) await killObject(identity)
    const again = await outcomesOf(await send('/admin/import', importRequest(peopleFile(people))))
    expect(again.at(-1)).toMatchObject({ created: 0, replaced: 0, unchanged: 60, refused: 0 })
    expect(await walk(10)).toEqual(people.map(({ identity }) => identity))
  })

  it('a deletion that its part does not learn of is not acknowledged, and matches nobody', async () => {
    await enrollAs('ada')
    breakParts(partOf('ada'))
    const remove = { method: 'DELETE', headers: bearer(adminKey) }
    expect((await send('/admin/identities/ada', remove)).status).toBe(503)
    const image = base64('face ada 0')
    const asked = await send('/recognize', json({ image }), env)
    expect(await asked.json()).toMatchObject({ decision: 'no_match' })
    DirectoryObject.prototype.change = change
    expect((await send('/admin/identities/ada', remove)).status).toBe(204)
    expect(await walk(10)).toEqual([])
  })
})
