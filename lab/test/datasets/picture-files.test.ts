import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nameOfPhoto } from '../../datasets/picture-files.ts'

describe('nameOfPhoto', () => {
  it('is the same however the way to the folder is typed, and tells people with equal file names apart', () => {
    const name = nameOfPhoto(join('..', 'lfw', 'ada', '1.jpg'))
    expect(nameOfPhoto(join('/', 'data', 'lfw', 'ada', '1.jpg'))).toBe(name)
    expect(nameOfPhoto(join('..', 'lfw', 'bea', '1.jpg'))).not.toBe(name)
  })
})
