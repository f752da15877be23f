import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { storeFolder } from './store-folder.ts'

it('a folder with room for what tests store is taken', () => {
  expect(storeFolder(tmpdir(), '/usual')).toBe(tmpdir())
})

it('where there is no such folder, or none with room, the usual one is', () => {
  expect(storeFolder('/no/such/folder', '/usual')).toBe('/usual')
  // A file system that holds nothing.
  expect(storeFolder('/proc', '/usual')).toBe('/usual')
})
