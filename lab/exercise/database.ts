/** The exercise's second task in lines: whose encodings are in the database, what they look like, and who is not in it. */
import { templateOf } from '../../src/encoding/template.ts'
import type { Household } from './household.ts'

const shown = 4

export function describeDatabase({ model, people, refused }: Household): string[] {
  const width = Math.max(...[...people.keys(), ''].map((person) => person.length))
  const [first] = people.values()
  const size = first === undefined ? '' : `, ${first[0]!.length} numbers each`
  return [
    `${people.size} of ${people.size + refused.length} people, encoded by ${model}${size}`,
    ...[...people].map(([person, encodings]) => {
      const encoding = templateOf(encodings)
      const numbers = Array.from(encoding.subarray(0, shown), (number) => number.toFixed(3))
      const length = Math.hypot(...encoding).toFixed(3)
      return `${person.padEnd(width)}  [${numbers.join(', ')}, ...]  length ${length}`
    }),
    ...refused.map(({ person, fault }) => `not in it: ${person}: ${fault.code}: ${fault.message}`),
  ]
}
