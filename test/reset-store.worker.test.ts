import { evictAllDurableObjects } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { resetStore } from './support/app/reset-store.ts'
import { keysInKv } from './support/app/stored-people.ts'
import { adminKey, createTestApp, enroll, get } from './support/app/test-app.ts'

it('resetStore forgets what workerd no longer holds in memory, too', async () => {
  const { send } = createTestApp()
  for (const person of ['ada', 'bob']) expect((await enroll(send, person)).status).toBe(201)
  await evictAllDurableObjects()
  await resetStore()
  expect(await keysInKv()).toEqual([])
  expect(await env.PERSON.getByName('ada').read(0)).toMatchObject({ version: 0, record: null })
  const listed = await createTestApp().send('/admin/identities', get(adminKey))
  expect(await listed.json()).toEqual({ identities: [] })
})
