/**
 * Reads and writes the exercise's weight files: one tensor a file, numbers separated by commas or line breaks. Numbers
 * are written with just enough digits to give every float32 back bit for bit, and read as a stream.
 */
import { createReadStream } from 'node:fs'

/** One CSV line, ending with a line break. */
export function toCsv(values: Float32Array): string {
  // Quantised sources repeat their few values; formatting is what takes the time.
  const known = new Map<number, string>()
  const fields = Array.from(values, (value) => {
    const text = known.get(value) ?? shortestDecimal(value)
    known.set(value, text)
    return text
  })
  return `${fields.join(',')}\n`
}

/** The shortest decimal that `Math.fround` takes back to `value`. */
export function shortestDecimal(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(Number(value.toPrecision(9)))
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/**
 * Reads `count` numbers. Commas, line breaks (LF or CRLF) and white space around them separate; a comma and blank lines at
 * the end are fine. Faults come back as texts, since the caller collects those of all files.
 */
export async function readCsv(
  path: string,
  count: number,
): Promise<{ values: Float32Array; faults: string[] }> {
  const values = new Float32Array(count)
  const faults: string[] = []
  let read = 0
  const take = (field: string): void => {
    const text = field.trim()
    const value = Number(text)
    if (!decimal.test(text) || !Number.isFinite(Math.fround(value))) {
      const shown = text === '' ? 'an empty field' : JSON.stringify(text.slice(0, 40))
      if (faults.length < 3)
        faults.push(`number ${read + 1} is ${shown}, expected a finite decimal number`)
    } else if (read < count) {
      values[read] = value
    }
    read++
  }
  const pieces = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })
  let begun = ''
  for await (const piece of withoutBlankEnd(pieces)) {
    const fields = (begun + piece).split(/[,\n]/)
    begun = fields.pop()!
    fields.forEach(take)
  }
  // After a comma at the end no number begins.
  if (begun !== '') take(begun)
  if (read !== count) faults.push(`holds ${read} numbers, expected ${count}`)
  return { values, faults }
}

/** The last comma then ends a number, as the last line break does. */
async function* withoutBlankEnd(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let blank = ''
  for await (const chunk of chunks) {
    const text = blank + chunk
    const filled = text.trimEnd()
    blank = text.slice(filled.length)
    yield filled
  }
}
