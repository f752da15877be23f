/** A JSON Schema of the contract as TypeScript, as the formatter would have it. Pure. */

import { nameOfRef, type Schema } from '../../src/api/contract/openapi-shape.ts'
import { errorCodes } from '../../src/errors/error-table.ts'

/** @param indent of the line that it stands in */
export function printType(schema: Schema, indent = ''): string {
  const { $ref, type, items, prefixItems, allOf } = schema
  if ($ref !== undefined) return nameOfRef($ref)
  if (schema.enum) return printLiterals(schema.enum)
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return variants.map((variant) => printType(variant, indent)).join(' | ')
  if (Array.isArray(type))
    return type.map((one) => printType({ ...schema, type: one }, indent)).join(' | ')
  if (allOf) return allOf.map((part) => printType(part, indent)).join(' & ')
  switch (type) {
    case 'object':
      return printObject(schema, indent)
    case 'array':
      if (prefixItems)
        return `readonly [${prefixItems.map((item) => printType(item, indent)).join(', ')}]`
      return `readonly ${parenthesise(printType(items!, indent))}[]`
    case 'integer':
      return 'number'
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type
    default:
      throw new Error(`no TypeScript is known for ${JSON.stringify(schema)}`)
  }
}

export function printObject({ properties = {}, required = [] }: Schema, indent = ''): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const doc = schema.description ? `${inner}/** ${schema.description} */\n` : ''
    const optional = required.includes(name) ? '' : '?'
    return `${doc}${inner}readonly ${name}${optional}: ${printType(schema, inner)}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

function printLiterals(values: readonly (string | number | boolean)[]): string {
  const everyCode = errorCodes.every((code) => values.includes(code))
  const codes: readonly unknown[] = everyCode ? errorCodes : []
  const others = values.filter((value) => !codes.includes(value))
  const literals = others.map((value) => (typeof value === 'string' ? `'${value}'` : `${value}`))
  return [...literals, ...(everyCode ? ['ErrorCode'] : [])].join(' | ')
}

function parenthesise(type: string): string {
  return /^\w+$/.test(type) || type.startsWith('{') ? type : `(${type})`
}
