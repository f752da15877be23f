import { describe, expect, it } from 'vitest'
import { fromMetadata, toMetadata } from '../../src/identity/summary.ts'
import { fakeEncoding } from '../support/fake-engine.ts'

const record = {
  identity: 'younes',
  model: `${'network'.repeat(5)}@4f1c2a90`,
  encodings: Array.from({ length: 10 }, (_, i) => fakeEncoding('younes', i)),
  createdAt: '2026-11-24T03:33:00.000Z',
  updatedAt: '2026-11-24T03:33:00.000Z',
}

describe('metadata', () => {
  it.each(['Younes', '☕'.repeat(200), '"'.repeat(200), '\\'.repeat(200), '😀'.repeat(100)])(
    'holds the name %s in ASCII and in 1,024 bytes',
    (name) => {
      const text = JSON.stringify(toMetadata({ ...record, name }))
      expect(text).toMatch(/^[ -~]{1,1024}$/)
      expect(fromMetadata('younes', JSON.parse(text))).toEqual({
        identity: 'younes',
        name,
        encodings: 10,
        model: record.model,
      })
    },
  )

  it('has no name when the person has none', () => {
    expect(fromMetadata('younes', toMetadata(record))).not.toHaveProperty('name')
  })

  it.each([null, undefined, 'text', {}, { encodings: 'two', model: 'm' }, { encodings: 1 }])(
    'that cannot be read (%j) still lists the person',
    (metadata) => {
      expect(fromMetadata('younes', metadata)).toEqual({
        identity: 'younes',
        encodings: 0,
        model: 'unreadable',
      })
    },
  )
})
