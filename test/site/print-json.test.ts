import { describe, expect, it } from 'vitest'
import { printJson } from '../../src/site/print-json.ts'
import recorded from '../../src/site/recorded-answers.json' with { type: 'json' }

describe('printJson', () => {
  it('writes what fits into a line in one, and the whole over several', () => {
    expect(printJson({ box: { x: 1, y: 2 }, none: [], names: ['a', 'b'], empty: {} })).toBe(
      '{\n  "box": { "x": 1, "y": 2 },\n  "none": [],\n  "names": ["a", "b"],\n  "empty": {}\n}',
    )
  })

  it('breaks what is too long for a line', () => {
    const long = 'x'.repeat(60)
    expect(printJson({ outer: { a: long, b: long } })).toBe(
      `{\n  "outer": {\n    "a": "${long}",\n    "b": "${long}"\n  }\n}`,
    )
  })

  it('changes nothing: it reads back as what it was', () => {
    expect(JSON.parse(printJson(recorded))).toEqual(recorded)
  })
})
