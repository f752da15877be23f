import { expect, it } from 'vitest'
import { changeIdentity } from '../../src/people/change-identity.ts'
import { createMemoryStore } from '../support/doubles/memory-store.ts'

it('a change that comes too late a hundred times is given up, and the message names nobody', async () => {
  const at = '2026-11-30T00:00:00.000Z'
  const record = {
    identity: 'younes',
    model: 'fake-network@00000000',
    encodings: [new Float32Array(128).fill(0.1)],
    createdAt: at,
    updatedAt: at,
  }
  let conflicts = 0
  const store = {
    ...createMemoryStore(),
    put: async () => ({ kind: 'conflict', version: ++conflicts }) as const,
  }
  const changed = changeIdentity(store, 'younes', async () => ({ kind: 'store', record }))
  await expect(changed).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'This identity is being changed by too many at once.',
  })
  expect(conflicts).toBe(100)
})
