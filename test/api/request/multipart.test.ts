import { describe, expect, it } from 'vitest'
import { parseMultipart } from '../../../src/api/request/multipart.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Lines become CRLF lines. */
function body(...lines: string[]): Uint8Array {
  return encoder.encode(lines.join('\r\n'))
}

function parse(bytes: Uint8Array) {
  return parseMultipart(bytes, 'B').map((part) => ({ ...part, bytes: decoder.decode(part.bytes) }))
}

const text = ['Content-Disposition: form-data; name="identity"', '', 'younes']
const file = [
  'Content-Disposition: form-data; name="image"; filename="a.jpg"',
  'Content-Type: image/jpeg',
  '',
  'JPEG',
]

/** A part whose headers have so many bytes, without the empty line after them. */
function withHeadersOf(bytes: number): Uint8Array {
  return body('--B', text[0], `X: ${'x'.repeat(bytes - text[0].length - 5)}`, '', 'x', '--B--')
}

describe('parseMultipart', () => {
  it('gives the parts in order, as views on the body', () => {
    const bytes = body('--B', ...text, '--B', ...file, '--B--', '')
    const parts = parseMultipart(bytes, 'B')
    expect(parse(bytes)).toEqual([
      { name: 'identity', isFile: false, bytes: 'younes' },
      { name: 'image', isFile: true, bytes: 'JPEG' },
    ])
    expect(parts.every((part) => part.bytes.buffer === bytes.buffer)).toBe(true)
  })

  it('keeps line ends, dashes and near-boundaries inside a part', () => {
    const content = 'a\r\n\r\n--A\r\n-B\r\n--\r\n'
    const [part] = parse(body('--B', file[0], '', content, '--B--'))
    expect(part.bytes).toBe(content)
  })

  it('finds the boundary however far it is from a line end before it', () => {
    for (let gap = 0; gap < 100; gap++) {
      const content = `a\r${'x'.repeat(gap)}`
      const [part, next] = parse(body('--B', file[0], '', content, '--B', ...text, '--B--'))
      expect([part.bytes, next.bytes]).toEqual([content, 'younes'])
    }
  })

  it('passes over preamble, epilogue and blanks after a boundary', () => {
    expect(parse(body('preamble', '--B \t', ...text, '--B--', 'epilogue'))).toHaveLength(1)
  })

  it('reads an empty part, with and without its own line end', () => {
    expect(parse(body('--B', file[0], '', '', '--B--'))[0].bytes).toBe('')
    expect(parse(body('--B', file[0], '', '--B--'))[0].bytes).toBe('')
  })

  it('reads a form without parts', () => {
    expect(parse(body('--B--', ''))).toEqual([])
  })

  it('takes a part of a type that is not text for a file, even without a file name', () => {
    const head = 'Content-Disposition: form-data; name="image"'
    expect(parse(body('--B', head, 'Content-Type: image/png', '', 'x', '--B--'))[0].isFile).toBe(
      true,
    )
    expect(parse(body('--B', head, 'Content-Type: text/plain', '', 'x', '--B--'))[0].isFile).toBe(
      false,
    )
  })

  it('decodes a part in base64, in lines or not, as a view on the body', () => {
    const lines = ['Content-Transfer-Encoding: BASE64', '', 'SlB', 'FRw==', '']
    const bytes = body('--B', ...file.slice(0, 2), ...lines, '--B', ...text, '--B--')
    const parts = parseMultipart(bytes, 'B')
    expect(parts.map((part) => [part.isFile, decoder.decode(part.bytes)])).toEqual([
      [true, 'JPEG'],
      [false, 'younes'],
    ])
    expect(parts.every((part) => part.bytes.buffer === bytes.buffer)).toBe(true)
  })

  it('reads a header that goes on in the next line', () => {
    const folded = ['Content-Disposition: form-data;', ' name="image";', '\tfilename="a.jpg"']
    expect(parse(body('--B', ...folded, '', 'JPEG', '--B--'))).toEqual([
      { name: 'image', isFile: true, bytes: 'JPEG' },
    ])
  })

  it('agrees with the form encoder of the platform', async () => {
    const form = new FormData()
    form.append('identity', 'юнес "quoted"')
    form.append('image', new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'a"b.jpg'))
    const response = new Response(form)
    const boundary = response.headers.get('content-type')?.split('boundary=')[1] ?? ''
    const parts = parseMultipart(new Uint8Array(await response.arrayBuffer()), boundary)
    expect(parts.map(({ name, isFile }) => [name, isFile])).toEqual([
      ['identity', false],
      ['image', true],
    ])
    expect(decoder.decode(parts[0].bytes)).toBe('юнес "quoted"')
    expect([...parts[1].bytes]).toEqual([0, 13, 10, 45, 45, 255])
  })

  it.each([
    ['nothing', body('')],
    ['text without any boundary', body('hello')],
    ['another boundary', body('--C', ...text, '--C--')],
    ['a boundary that only begins like the announced one', body('--Bx', ...text, '--Bx--')],
    ['no closing boundary', body('--B', ...file)],
    ['a body cut off in the headers', body('--B', file[0])],
    ['a body cut off after the boundary', body('--B')],
    ['bare line feeds', encoder.encode(['--B', ...text, '--B--'].join('\n'))],
    [
      'a part without Content-Disposition',
      body('--B', 'Content-Type: image/jpeg', '', 'x', '--B--'),
    ],
    [
      'a part without a name',
      body('--B', 'Content-Disposition: form-data; filename="a"', '', 'x', '--B--'),
    ],
    [
      'an attachment',
      body('--B', 'Content-Disposition: attachment; name="image"', '', 'x', '--B--'),
    ],
    [
      'a name given twice',
      body('--B', 'Content-Disposition: form-data; name="a"; name="b"', '', 'x', '--B--'),
    ],
    ['a header given twice', body('--B', text[0], text[0], '', 'x', '--B--')],
    ['a part whose headers run into the next part', body('--B', text[0], '--B', ...file, '--B--')],
    [
      'base64 that is none',
      body('--B', text[0], 'Content-Transfer-Encoding: base64', '', 'e', '--B--'),
    ],
    [
      'quoted-printable',
      body('--B', text[0], 'Content-Transfer-Encoding: quoted-printable', '', 'x', '--B--'),
    ],
    ['headers of 4,096 bytes with half of their end', withHeadersOf(4094)],
    ['endless headers', body('--B', text[0], `X: ${'x'.repeat(5000)}`, '', 'x', '--B--')],
    ['33 parts', body(...Array.from({ length: 33 }, () => ['--B', ...text]).flat(), '--B--')],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseMultipart(bytes, 'B')).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringMatching(/^Malformed multipart\/form-data: expected .+\.$/),
      }),
    )
  })

  it('takes headers that end within 4,096 bytes', () => {
    expect(parse(withHeadersOf(4092))).toEqual([{ name: 'identity', isFile: false, bytes: 'x' }])
  })

  it('survives every cut and every flipped byte with parts or a refusal', () => {
    const whole = body('--B', ...text, '--B', ...file, '--B--', '')
    for (let i = 0; i < whole.length; i++) {
      const flipped = whole.slice()
      flipped[i] ^= 0x15
      for (const bytes of [whole.slice(0, i), flipped]) {
        try {
          parseMultipart(bytes, 'B')
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' })
        }
      }
    }
  })
})
