import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCsv, shortestDecimal, toCsv } from '../../../scripts/weights/csv.ts'
import { seededRandom } from '../../support/random.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-csv-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string, count: number) {
  const path = join(folder, 'tensor.csv')
  await writeFile(path, text)
  return readCsv(path, count)
}

describe('shortestDecimal', () => {
  it('gives a million float32 back bit for bit', () => {
    const random = seededRandom(2026)
    const bits = new Uint32Array(1)
    const value = new Float32Array(bits.buffer)
    let tried = 0
    const wrong: string[] = []
    while (tried < 1_000_000) {
      bits[0] = random() * 2 ** 32
      if (!Number.isFinite(value[0]!)) continue
      tried++
      const text = shortestDecimal(value[0]!)
      if (!Object.is(Math.fround(Number(text)), value[0]!)) wrong.push(`${bits[0]}: ${text}`)
    }
    expect(wrong).toEqual([])
  })

  it.each([
    [0, '0'],
    [1, '1'],
    [-0.5, '-0.5'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(1 / 3), '0.33333334'],
    [16777216, '16777216'],
    [1.401298464324817e-45, '1.4013e-45'],
    [3.4028234663852886e38, '3.4028235e+38'],
  ])('writes %f as %s', (value, text) => {
    expect(shortestDecimal(value)).toBe(text)
    expect(Math.fround(Number(text))).toBe(value)
  })
})

describe('toCsv', () => {
  it('is one line of numbers separated by commas', () => {
    expect(toCsv(Float32Array.of(1, -0.25, 0.1))).toBe('1,-0.25,0.1\n')
  })

  it('comes back from readCsv bit for bit', async () => {
    const random = seededRandom(5)
    const values = Float32Array.from(
      { length: 20_000 },
      () => (random() - 0.5) * 10 ** (random() * 8 - 6),
    )
    const back = await read(toCsv(values), values.length)
    expect(back.faults).toEqual([])
    expect(Buffer.from(back.values.buffer).equals(Buffer.from(values.buffer))).toBe(true)
  })
})

describe('readCsv', () => {
  it.each([
    ['a line break at the end', '1,2,3\n'],
    ['blank lines at the end', '1,2,3\n\n \n'],
    ['blank lines at the end, CRLF', '1,2,3\r\n\r\n'],
    ['a comma at the end', '1,2,3,\n'],
    ['a byte order mark', '\ufeff1,2,3\n'],
    ['no line break at the end', '1,2,3'],
    ['CRLF at the end', '1,2,3\r\n'],
    ['one number a line', '1\n2\n3\n'],
    ['one number a line, CRLF', '1\r\n2\r\n3\r\n'],
    ['commas and line breaks mixed', '1,2\n3\n'],
    ['spaces around numbers', ' 1 ,  2,3 \n'],
    ['tabs around numbers', '1,\t2,3\t\n'],
    ['scientific notation', '1e0,2.0E+00,30e-1\n'],
    ['signs and bare points', '+1,2.,3.000\n'],
  ])('takes %s', async (_, text) => {
    expect(await read(text, 3)).toEqual({ values: Float32Array.of(1, 2, 3), faults: [] })
  })

  it.each([
    ['NaN', '1,NaN,3\n', 'number 2 is "NaN", expected a finite decimal number'],
    ['nan', '1,2,nan\n', 'number 3 is "nan", expected a finite decimal number'],
    ['inf', 'inf,2,3\n', 'number 1 is "inf", expected a finite decimal number'],
    ['-Infinity', '1,-Infinity,3', 'number 2 is "-Infinity", expected a finite decimal number'],
    ['a number beyond float32', '1,1e39,3', 'number 2 is "1e39", expected a finite decimal number'],
    ['a word', '1,two,3\n', 'number 2 is "two", expected a finite decimal number'],
    ['hexadecimal', '1,0x10,3\n', 'number 2 is "0x10", expected a finite decimal number'],
    [
      'two numbers in one field',
      '1,2 2,3\n',
      'number 2 is "2 2", expected a finite decimal number',
    ],
    ['a quoted number', '1,"2",3\n', 'number 2 is "\\"2\\"", expected a finite decimal number'],
    ['a semicolon', '1,2;2,3\n', 'number 2 is "2;2", expected a finite decimal number'],
    [
      'two commas at the end',
      '1,2,,\n',
      'number 3 is an empty field, expected a finite decimal number',
    ],
    ['an empty field', '1,,3\n', 'number 2 is an empty field, expected a finite decimal number'],
  ])('refuses %s, by its position', async (_, text, fault) => {
    expect((await read(text, 3)).faults).toEqual([fault])
  })

  it.each([
    ['too few', '1,2\n', 'holds 2 numbers, expected 3'],
    ['too many', '1,2,3,4\n', 'holds 4 numbers, expected 3'],
    ['none', '', 'holds 0 numbers, expected 3'],
  ])('refuses %s', async (_, text, fault) => {
    expect((await read(text, 3)).faults).toEqual([fault])
  })

  it('stops naming words after three, and still counts', async () => {
    const { faults } = await read(`${'x,'.repeat(9)}1\n`, 12)
    expect(faults).toEqual([
      'number 1 is "x", expected a finite decimal number',
      'number 2 is "x", expected a finite decimal number',
      'number 3 is "x", expected a finite decimal number',
      'holds 10 numbers, expected 12',
    ])
  })

  it('reads one line of a million numbers', async () => {
    const count = 1_000_000
    const text = `${Array.from({ length: count }, (_, i) => i % 1000).join(',')}\n`
    const { values, faults } = await read(text, count)
    expect(faults).toEqual([])
    expect(values[count - 1]).toBe(999)
    expect(values[123_456]).toBe(456)
  })

  it('rejects for a file that is not there', async () => {
    await expect(readCsv(join(folder, 'absent.csv'), 1)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
