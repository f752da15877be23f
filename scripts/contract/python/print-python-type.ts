/** Schemas of the contract as types of Python, for whoever reads and for checkers such as mypy. */
import { nameOfRef, type Schema } from '../../../src/api/contract/openapi-shape.ts'

const simple: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'float',
  integer: 'int',
  boolean: 'bool',
  null: 'None',
}

export function printPythonType(schema: Schema): string {
  const { $ref, type, items, prefixItems, properties } = schema
  if ($ref !== undefined) return `"${nameOfRef($ref)}"`
  if (schema.enum !== undefined) return `Literal[${schema.enum.map(printLiteral).join(', ')}]`
  if (schema.const !== undefined) return `Literal[${printLiteral(schema.const)}]`
  const variants = schema.oneOf ?? schema.anyOf
  if (variants !== undefined) return union(variants.map(printPythonType))
  // One that is referred to, with a description of its own.
  if (schema.allOf?.[0] !== undefined) return printPythonType(schema.allOf[0])
  if (prefixItems !== undefined) return `tuple[${prefixItems.map(printPythonType).join(', ')}]`
  if (items !== undefined) return `list[${printPythonType(items)}]`
  if (properties !== undefined) return 'dict[str, Any]'
  const types = Array.isArray(type) ? type : [type]
  return union(types.map((each) => simple[`${each}`] ?? 'Any'))
}

/** A schema with a name: a TypedDict of what it has in all its variants together, or another name for a type. */
export function printTypedDict(name: string, schema: Schema): string {
  const variants = (schema.oneOf ?? [schema]).filter(({ properties }) => properties !== undefined)
  if (variants.length === 0) return `${name} = ${printPythonType(schema)}\n`
  const fields = new Map<string, string[]>()
  for (const { properties = {} } of variants) {
    for (const [field, of] of Object.entries(properties)) {
      fields.set(field, [...(fields.get(field) ?? []), printPythonType(of)])
    }
  }
  const isAlways = (field: string) =>
    variants.every(({ required = [] }) => required.includes(field))
  const lines = [...fields].map(([field, types]) => {
    const type = union([...new Set(types)])
    return `    ${field}: ${isAlways(field) ? type : `NotRequired[${type}]`}`
  })
  const doc = schema.description ? [`    """${schema.description}"""`, ''] : []
  return [`class ${name}(TypedDict):`, ...doc, ...lines, ''].join('\n')
}

function union(types: readonly string[]): string {
  return types.length === 1 ? types[0]! : `Union[${types.join(', ')}]`
}

function printLiteral(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}
