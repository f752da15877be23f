import { expect, it } from 'vitest'
import { type Capacity, requireRoom } from '../../../src/gallery/search/capacity.ts'

const capacity: Capacity = { maxPeople: 3, index: 'The index in KV', larger: 'packed' }

const refused = (enrolled: number | string) =>
  expect.objectContaining({
    code: 'not_configured',
    message: `The index in KV holds 3 people at most, and ${enrolled} are enrolled; INDEX=packed holds more.`,
  })

it('an index holds as many people as it has room for, and refuses whoever would be one too many', () => {
  expect(() => requireRoom(capacity, 3)).not.toThrow()
  expect(() => requireRoom(capacity, 2, 1)).not.toThrow()
  expect(() => requireRoom(capacity, 3, 1)).toThrow(refused(3))
  expect(() => requireRoom(capacity, 2, 2)).toThrow(refused(2))
  expect(() => requireRoom(capacity, 4)).toThrow(refused('more'))
})
