import { describe, expect, it } from 'vitest'
import { parseHeaderValue } from '../../src/lib/header-value.ts'

describe('parseHeaderValue', () => {
  it.each([
    ['application/json', 'application/json', {}],
    ['Application/JSON; charset=utf-8', 'application/json', { charset: 'utf-8' }],
    ['multipart/form-data;boundary=abc', 'multipart/form-data', { boundary: 'abc' }],
    ['multipart/form-data; boundary="a b;c"', 'multipart/form-data', { boundary: 'a b;c' }],
    ['multipart/form-data; boundary=a/b:c=d', 'multipart/form-data', { boundary: 'a/b:c=d' }],
    [
      'form-data; name="image"; filename="a\\"b.jpg"',
      'form-data',
      { name: 'image', filename: 'a"b.jpg' },
    ],
    ['form-data; name=image; filename=""', 'form-data', { name: 'image', filename: '' }],
    [
      "form-data; name=image; filename*=UTF-8''%e2%82%ac.jpg",
      'form-data',
      { name: 'image', 'filename*': "UTF-8''%e2%82%ac.jpg" },
    ],
    ['text/plain; ', 'text/plain', {}],
    [
      "form-data; name=image; filename=my photo 1.jpg; filename*=utf-8''my%20photo%201.jpg",
      'form-data',
      {
        name: 'image',
        filename: 'my photo 1.jpg',
        'filename*': "utf-8''my%20photo%201.jpg",
      },
    ],
    [
      'form-data; name=image; filename=photo "1".jpg ',
      'form-data',
      { name: 'image', filename: 'photo "1".jpg' },
    ],
  ])('reads %s', (header, value, parameters) => {
    const parsed = parseHeaderValue(header)
    expect(parsed?.value).toBe(value)
    expect(Object.fromEntries(parsed?.parameters ?? [])).toEqual(parameters)
  })

  it.each([
    '',
    ';',
    'form-data; name="image',
    'form-data; name="a"; name="b"',
    'form-data; name="a"; NAME="b"',
    'form-data; =x',
    'form-data name="a"',
    'form-data; name="a" x',
  ])('refuses %j', (header) => {
    expect(parseHeaderValue(header)).toBeNull()
  })
})
