import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { allowDuplicate, candidateLimit, fmr, pageLimit } from '../../../src/api/request/fields.ts'
import {
  parseFields,
  readQuery,
  readText,
  SentText,
} from '../../../src/api/request/parse-fields.ts'
import { identityId, personName } from '../../../src/people/person-fields.ts'

const schema = z.object({ identity: identityId, fmr: fmr.optional() })

function refusal(fields: Record<string, unknown>): string {
  try {
    parseFields(schema, new Map(Object.entries(fields)))
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_request' })
    return error instanceof Error ? error.message : ''
  }
  throw new Error('expected a refusal')
}

describe('parseFields', () => {
  it('gives known fields of the right kind', () => {
    const fields = new Map(Object.entries({ identity: 'younes', fmr: 0.001 }))
    expect(parseFields(schema, fields)).toEqual({ identity: 'younes', fmr: 0.001 })
  })

  it('says what is missing and what was expected', () => {
    expect(refusal({})).toBe(
      'field "identity": missing, expected 1 to 128 characters of A-Z a-z 0-9 . _ -',
    )
  })

  it.each(['.', '..'])('refuses the identity %s, which no URL can name', (identity) => {
    expect(refusal({ identity })).toBe('field "identity": expected more than one or two dots')
  })

  it.each(['...', '.a', 'a..'])('takes the identity %s', (identity) => {
    expect(parseFields(schema, new Map([['identity', identity]]))).toEqual({ identity })
  })

  it('lists every fault at once', () => {
    const message = refusal({ identity: 7, fmr: 'often' })
    expect(message).toBe(
      'field "identity": expected 1 to 128 characters of A-Z a-z 0-9 . _ -; ' +
        'field "fmr": expected a number between 0 and 1',
    )
  })

  it.each(['threshold', 'challenge', '__proto__', 'constructor', 'toString'])(
    'refuses the unknown field %s by name',
    (name) => {
      const fields = JSON.parse(`{"identity":"younes",${JSON.stringify(name)}:"0.9"}`)
      expect(refusal(fields)).toBe(
        `field "${name}": not a field of this endpoint; this endpoint takes identity, fmr`,
      )
    },
  )

  it('names the fields of photos too, and says when there are none', () => {
    const sent = new Map([['photo', 'x']])
    expect(() => parseFields(z.object({}), sent, ['left', 'right'])).toThrow(
      'field "photo": not a field of this endpoint; this endpoint takes left, right',
    )
    expect(() => parseFields(z.object({}), sent)).toThrow(
      'field "photo": not a field of this endpoint; this endpoint takes no field here',
    )
  })

  it('never repeats a value, and cuts a long name', () => {
    const message = refusal({ identity: '../secret', ['x'.repeat(500)]: 1 })
    expect(message).not.toContain('secret')
    expect(message.length).toBeLessThan(300)
  })
})

describe('identityId', () => {
  it.each(['a', 'A-Z_a.z-0', '__proto__', '...', 'x'.repeat(128)])('takes %j', (id) => {
    expect(identityId.safeParse(id).success).toBe(true)
  })

  it.each(['', ' ', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(129), null, 5, ['a']])(
    'refuses %j',
    (id) => {
      expect(identityId.safeParse(id).success).toBe(false)
    },
  )
})

describe('personName', () => {
  it.each(['Younes', '山田 太郎', "O'Neil-Smith", 'x'.repeat(200)])('takes %j', (name) => {
    expect(personName.safeParse(name).success).toBe(true)
  })

  it.each(['', '  ', 'a\u0000b', 'a\nb', '\ud800', 'x'.repeat(201), 5, null])(
    'refuses %j',
    (name) => {
      expect(personName.safeParse(name).success).toBe(false)
    },
  )
})

describe('readText', () => {
  it.each([
    [fmr, '0.001', 0.001],
    [fmr.optional(), '1e-3', 0.001],
    [candidateLimit, '50', 50],
    [fmr, '', ''],
    [fmr, ' 1', ' 1'],
    [fmr, '0x1', '0x1'],
    [fmr, 'Infinity', 'Infinity'],
    [identityId, '007', '007'],
    [allowDuplicate.optional(), 'true', true],
    [allowDuplicate, 'false', false],
    [allowDuplicate, 'True', 'True'],
    [personName, 'true', 'true'],
  ])('reads a %# of %j as %j', (type, text, value) => {
    expect(readText(type, text)).toBe(value)
  })

  it('leaves JSON as it is: text that looks like a number stays text, and is refused', () => {
    expect(refusal({ identity: 'younes', fmr: '0.001' })).toBe(
      'field "fmr": expected a number between 0 and 1',
    )
    const sent = new Map([
      ['identity', new SentText('younes')],
      ['fmr', new SentText('0.001')],
    ])
    expect(parseFields(schema, sent)).toEqual({ identity: 'younes', fmr: 0.001 })
  })
})

describe('pageLimit', () => {
  it.each([0, 1001, 1.5, -1, '10', null])('refuses %j', (limit) => {
    expect(pageLimit.safeParse(limit).success).toBe(false)
  })
})

describe('readQuery', () => {
  it('refuses a field that is sent twice', () => {
    const request = new Request('http://facegate.test/verify?identity=a&identity=b')
    expect(() => readQuery(request)).toThrow('field "identity": sent twice, expected once')
  })

  it('refuses more fields than can be told apart', () => {
    const query = (count: number) => Array.from({ length: count }, (_, i) => `f${i}=1`).join('&')
    const read = (count: number) =>
      readQuery(new Request(`http://facegate.test/verify?${query(count)}`))
    expect(read(32).size).toBe(32)
    expect(() => read(33)).toThrow('query string: expected at most 32 fields')
  })
})
