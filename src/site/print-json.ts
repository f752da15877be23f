/** JSON to read: what fits into a line stands in one, as a person would break it. Pure. */

const maxWidth = 84

export function printJson(value: unknown, indent = ''): string {
  const flat = printFlat(value)
  const isSmall = indent.length + flat.length <= maxWidth
  if (!(value instanceof Object) || (isSmall && indent !== '')) return flat
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const entries = value.map((entry) => `${inner}${printJson(entry, inner)}`)
    return `[\n${entries.join(',\n')}\n${indent}]`
  }
  const fields = Object.entries(value).map(([name, part]) => {
    return `${inner}${JSON.stringify(name)}: ${printJson(part, inner)}`
  })
  return `{\n${fields.join(',\n')}\n${indent}}`
}

/** In one line, with blanks where a person puts them. */
function printFlat(value: unknown): string {
  if (!(value instanceof Object)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(printFlat).join(', ')}]`
  const fields = Object.entries(value).map(
    ([name, part]) => `${JSON.stringify(name)}: ${printFlat(part)}`,
  )
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
