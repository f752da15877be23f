/** Schemas as tables of fields, and as short type names. */
import { nameOfRef, type OpenApi, type Schema } from '../api/contract/openapi-shape.ts'
import { type Markup, markup, prose, table } from './prose.ts'

type Schemas = OpenApi['components']['schemas']

export interface Field {
  readonly name: string
  readonly schema: Schema
  readonly isRequired: boolean
  /** A header of the request. */
  readonly isHeader?: boolean
}

/** The fields of an object; where a schema has variants, those of all, required when every variant has them. */
export function fieldsOf(schema: Schema): Field[] {
  const several = schema.oneOf ?? schema.anyOf
  const variants = several?.every((variant) => variant.properties) ? several : [schema]
  const names = new Set(variants.flatMap(({ properties = {} }) => Object.keys(properties)))
  return [...names].map((name) => {
    const found = variants.flatMap(({ properties }) => properties?.[name] ?? [])
    return {
      name,
      schema: mergeVariants(found),
      isRequired: variants.every(({ required = [] }) => required.includes(name)),
    }
  })
}

/** One field as several variants have it: their literal values together, and what each says. */
function mergeVariants(found: readonly Schema[]): Schema {
  const [first] = found
  if (!found.every((schema) => schema.enum)) return first!
  const values = new Set(found.flatMap((schema) => schema.enum ?? []))
  const descriptions = new Set(found.map(({ description }) => description))
  if (descriptions.size === 1) return { ...first, enum: [...values] }
  const each = found.map((schema) => `\`${schema.enum?.join(' | ')}\`: ${schema.description}`)
  return { ...first, enum: [...values], description: each.join(' ') }
}

/** @param schemas those that fields refer to, whose descriptions stand for theirs */
export function fieldTable(caption: string, fields: readonly Field[], schemas: Schemas): Markup {
  const describe = ({ description, $ref, items }: Schema): string =>
    description ?? ($ref ? schemas[nameOfRef($ref)]?.description : items?.description) ?? ''
  const rows = fields.flatMap((field) => withNested(field, ''))
  return table(
    caption,
    ['field', 'type', 'what it is'],
    rows.map(({ name, schema, isRequired, isHeader }) => [
      markup`<code>${name}</code>`,
      markup`${isHeader ? 'header' : typeOf(schema)}${isRequired ? '' : markup` <span class="optional">optional</span>`}`,
      prose(describe(schema)),
    ]),
    'fields',
  )
}

/** The field and, for an object without a name of its own, those inside it: `candidates[].identity`. */
function withNested(field: Field, path: string): Field[] {
  const { schema } = field
  const here = { ...field, name: `${path}${field.name}` }
  const inner = schema.items?.properties ? schema.items : schema
  if (!inner.properties) return [here]
  const prefix = `${here.name}${inner === schema ? '' : '[]'}.`
  return [here, ...fieldsOf(inner).flatMap((inside) => withNested(inside, prefix))]
}

/** A type in a few characters, names linked to where they are described. */
export function typeOf(schema: Schema): Markup {
  const { $ref, type, items, prefixItems, allOf } = schema
  if ($ref !== undefined) {
    const name = nameOfRef($ref)
    return markup`<a href="#schema-${name}">${name}</a>`
  }
  if (schema.enum) {
    const values = schema.enum.map((value) => JSON.stringify(value))
    if (values.length > 8) return markup`one of ${values.length} codes`
    return markup`<code>${values.join(' | ')}</code>`
  }
  if (allOf?.[0]) return typeOf(allOf[0])
  if (prefixItems) return markup`${prefixItems.length} numbers`
  if (items?.properties) return markup`list of objects${rangeOf(schema)}`
  if (items) return markup`list: ${typeOf(items)}${rangeOf(schema)}`
  if (schema.format === 'binary') return markup`file`
  const orNull = Array.isArray(type) && type.includes('null') ? ' or null' : ''
  if (schema.format === 'date-time') return markup`date and time${orNull}`
  const [name] = Array.isArray(type) ? type : [type]
  return markup`${name ?? 'any'}${rangeOf(schema)}${orNull}`
}

function rangeOf(schema: Schema): string {
  const { minimum, maximum, minItems, maxItems, minLength, maxLength } = schema
  const { exclusiveMinimum, exclusiveMaximum } = schema
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined) {
    return ` between ${exclusiveMinimum} and ${exclusiveMaximum}`
  }
  const [from, to] = [minimum ?? minItems ?? minLength, maximum ?? maxItems ?? maxLength]
  if (from === undefined || to === undefined) return ''
  return from === to ? `, ${from}` : `, ${from} to ${to}`
}
