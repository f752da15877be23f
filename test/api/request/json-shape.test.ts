import { describe, expect, it } from 'vitest'
import { checkJsonShape } from '../../../src/api/request/json/json-shape.ts'
import { FaceError } from '../../../src/errors/face-error.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function refusal(text: string | Uint8Array): string | null {
  try {
    checkJsonShape(typeof text === 'string' ? encode(text) : text)
  } catch (error) {
    if (error instanceof FaceError && error.code === 'invalid_request') return error.message
    throw error
  }
  return null
}

describe('checkJsonShape', () => {
  it.each([
    '{"identity":"eve","image":"AAAA"}',
    '{"images":["AAAA","BBBB"],"name":"a, b: [{c}]"}',
    '{"name":"a \\" quote and \\\\","fmr":1e-3}',
    '{"name":"\\\\\\\\"}',
    '',
    'null',
    '"text"',
    // Not JSON: for the parser to say.
    '{"a',
    '}}}]]]',
    '{a:1,a:1}',
    '\u0000',
  ])('has nothing against %j', (text) => {
    expect(refusal(text)).toBeNull()
  })

  it.each(['[[[]]]', '{"a":{"b":{}}}', '{"images":[["AAAA"]]}', '['.repeat(1_000_000)])(
    'refuses what nests deeper than any request: %.20s',
    (text) => {
      expect(refusal(text)).toBe('body: expected at most 2 levels; a photo is text in base64')
    },
  )

  it('counts levels outside of strings only', () => {
    expect(refusal(`{"name":"${'[{'.repeat(100)}"}`)).toBeNull()
    expect(refusal(`{"name":"${'\\"['.repeat(100)}"}`)).toBeNull()
  })

  it('refuses more values than any request has', () => {
    const list = (count: number) => `{"images":[${Array(count).fill('""').join(',')}]}`
    expect(refusal(list(64))).toBeNull()
    expect(refusal(list(65))).toBe('body: expected at most 64 values')
    expect(refusal(list(1_000_000))).toBe('body: expected at most 64 values')
    expect(refusal(','.repeat(1_000_000))).toBe('body: expected at most 64 values')
  })

  it.each([
    ['{"identity":"eve","identity":"fay"}', 'identity'],
    ['{"identity":"eve", "fmr":1, "identity" : "fay"}', 'identity'],
    ['{"identity":"eve","\\u0069dentity":"fay"}', 'identity'],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
  ])('refuses a name sent twice: %s', (text, name) => {
    expect(refusal(text)).toBe(`field ${JSON.stringify(name)}: sent twice, expected once`)
  })

  it('takes a name that stands inside a value for none', () => {
    expect(refusal('{"a":"b","b":"a"}')).toBeNull()
    expect(refusal('{"images":["a:","a:"],"name":"a\\":"}')).toBeNull()
  })

  it('refuses a name that is as long as a photo', () => {
    expect(refusal(`{"${'a'.repeat(300)}":1}`)).toBe('body: expected shorter names of fields')
  })

  it('passes over a string of twelve megabytes of escapes', () => {
    expect(refusal(`{"image":"${'\\"'.repeat(6_000_000)}"}`)).toBeNull()
    expect(refusal(`{"image":"${'\\\\'.repeat(6_000_000)}"}`)).toBeNull()
  })
})
