/** A number and what it counts, as a sentence has them: "1 photo", "2 photos", "1 person", "2 people". Pure. */
const plurals: Readonly<Record<string, string>> = { person: 'people' }

export function countOf(count: number, what: string): string {
  const counted = count === 1 ? what : (plurals[what] ?? `${what}s`)
  return `${count.toLocaleString('en')} ${counted}`
}
