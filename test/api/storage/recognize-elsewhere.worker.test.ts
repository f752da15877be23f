/** /recognize in one isolate while people change through another: what counts at once, and what a little later. */
import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { mostStaleMs, recentMs } from '../../../src/gallery/search/recent-gallery.ts'
import { partName } from '../../../src/identity/directory/directory-parts.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  json,
} from '../../support/app/test-app.ts'

beforeEach(() => resetStore())

/** Another isolate's app over the same store; `here` holds a gallery already. */
async function start() {
  let nowMs = Date.now()
  const here = createTestApp({ now: () => new Date(nowMs) }).send
  const there = createTestApp().send
  await enroll(there, 'ada')
  await enroll(there, 'bob')
  let broken: number | null = null
  const DIRECTORY = new Proxy(env.DIRECTORY, {
    get(real, name) {
      const value: unknown = Reflect.get(real, name, real)
      if (name !== 'getByName') return typeof value === 'function' ? value.bind(real) : value
      return (called: string) => {
        if (broken !== null && called === partName(broken)) throw new Error('the object is down')
        return real.getByName(called)
      }
    },
  })
  const bindings = { ...env, DIRECTORY }
  const ask = async (face: string) => {
    const response = await here('/recognize', json({ image: base64(face) }), bindings)
    return await response.json<{ decision?: string; identity?: string; code?: string }>()
  }
  expect(await ask('face ada 0')).toMatchObject({ decision: 'match', identity: 'ada' })
  return {
    ask,
    there,
    pass: (ms: number) => {
      nowMs += ms
    },
    breakPart: (part: number | null) => {
      broken = part
    },
  }
}

const remove = { method: 'DELETE', headers: bearer(adminKey) }

it('names nobody who was deleted elsewhere a moment ago', async () => {
  const { ask, there } = await start()
  expect((await there('/admin/identities/ada', remove)).status).toBe(204)
  expect(await ask('face ada 0')).toMatchObject({ decision: 'no_match' })
})

it('names nobody by a face that was replaced elsewhere a moment ago', async () => {
  const { ask, there } = await start()
  await enroll(there, 'ada', ['face newcomer 0'])
  expect(await ask('face ada 0')).toMatchObject({ decision: 'no_match' })
  expect(await ask('face newcomer 0')).toMatchObject({ decision: 'match', identity: 'ada' })
})

it('finds whoever was enrolled elsewhere a moment ago', async () => {
  const { ask, there } = await start()
  await enroll(there, 'new')
  expect(await ask('face new 0')).toMatchObject({ decision: 'match', identity: 'new' })
})

it('counts who is enrolled elsewhere and as near after ten seconds, at the first question', async () => {
  const { ask, there, pass } = await start()
  const same = { image: base64('face ada 0'), allowDuplicate: true }
  const put = await there('/admin/identities/twin', json(same, adminKey, 'PUT'))
  expect(put.status).toBe(201)
  // As promised: nobody who is named waits for the directory.
  expect(await ask('face ada 0')).toMatchObject({ decision: 'match', identity: 'ada' })
  pass(recentMs + 1)
  expect(await ask('face ada 0')).toMatchObject({ decision: 'ambiguous' })
})

it('is store_unavailable while a part of the directory fails: at once where nobody is near, and after a minute for all', async () => {
  const { ask, pass, breakPart } = await start()
  breakPart(5)
  expect(await ask('face stranger 0')).toMatchObject({ code: 'store_unavailable' })
  expect(await ask('face ada 0')).toMatchObject({ decision: 'match', identity: 'ada' })
  pass(mostStaleMs + 1)
  expect(await ask('face ada 0')).toMatchObject({ code: 'store_unavailable' })
  breakPart(null)
  expect(await ask('face ada 0')).toMatchObject({ decision: 'match', identity: 'ada' })
  expect(await ask('face stranger 0')).toMatchObject({ decision: 'no_match' })
})
