/** Days as a field of a form has them, and moments as the service has them. A day begins where the person sits. */

/** Undefined for an empty field. */
export function momentOf(day: string): string | undefined {
  return day === '' ? undefined : new Date(`${day}T00:00`).toISOString()
}

export function dayOf(moment: string | undefined): string {
  if (moment === undefined) return ''
  const date = new Date(moment)
  const parts = [date.getMonth() + 1, date.getDate()].map((part) => `${part}`.padStart(2, '0'))
  return [`${date.getFullYear()}`.padStart(4, '0'), ...parts].join('-')
}
