/** Numbers as a sentence or a table has them: "1,234", and with what is counted, "1 photo", "2 photos", "1 person", "2 people". Pure. */
const plurals: Readonly<Record<string, string>> = { person: 'people' }

export function grouped(count: number): string {
  return count.toLocaleString('en')
}

export function countOf(count: number, what: string): string {
  const counted = count === 1 ? what : (plurals[what] ?? `${what}s`)
  return `${grouped(count)} ${counted}`
}
