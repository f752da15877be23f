/**
 * The contract as a Postman collection (format 2.1), which Bruno and Insomnia import too: a folder a group of endpoints, a request an
 * operation with every field it takes, address and keys as variables. Fields that may be left out are there, switched off.
 */
import type { OpenApi, Operation, Parameter, Schema } from '../../src/api/contract/openapi-shape.ts'

interface Field {
  readonly key: string
  readonly value?: string
  readonly type?: 'text' | 'file'
  readonly src?: string
  readonly description?: string
  readonly disabled?: boolean
}

export function describePostmanCollection(document: OpenApi, url: string): object {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const groups = [...document.tags, { name: 'service', description: 'Takes no key.' }]
  return {
    info: {
      name: document.info.title,
      description: document.info.description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: [
      { key: 'url', value: url },
      { key: 'APP_KEY', value: '' },
      { key: 'ADMIN_KEY', value: '' },
    ],
    item: groups
      .map(({ name, description }) => ({
        name,
        description,
        item: operations
          .filter(({ operation }) => (operation.tags[0] ?? 'service') === name)
          .map(({ path, method, operation }) => describeRequest(path, method, operation)),
      }))
      .filter(({ item }) => item.length > 0),
  }
}

function describeRequest(path: string, method: string, operation: Operation): object {
  const { operationId, summary, description, parameters = [], requestBody } = operation
  const key = path.startsWith('/admin') || operationId === 'encode' ? 'ADMIN_KEY' : 'APP_KEY'
  const isOpen = operation.security?.length === 0 || operation.security === undefined
  const content = requestBody?.content ?? {}
  const form = content['multipart/form-data']?.schema
  const body = bodyOf(content, form)
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place)
  const query = form === undefined ? of('query').map(fieldOf) : []
  return {
    name: operationId,
    request: {
      method: method.toUpperCase(),
      description: [summary, description].filter(Boolean).join('\n\n'),
      auth: isOpen
        ? { type: 'noauth' }
        : { type: 'bearer', bearer: [{ key: 'token', value: `{{${key}}}`, type: 'string' }] },
      header: of('header').map(fieldOf),
      url: {
        raw: `{{url}}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        host: ['{{url}}'],
        path: path
          .slice(1)
          .replaceAll(/\{(\w+)\}/g, ':$1')
          .split('/'),
        variable: of('path').map(fieldOf),
        query,
      },
      ...(body && { body }),
    },
  }
}

function bodyOf(
  content: Readonly<Record<string, { readonly schema: Schema }>>,
  form: Schema | undefined,
): object | undefined {
  if (form !== undefined) {
    const required = form.required ?? []
    const formdata = Object.entries(form.properties ?? {}).map(([key, schema]): Field => {
      const isFile = (schema.items ?? schema).format === 'binary'
      const disabled = !required.includes(key) && !isFile && key !== 'identity'
      const description = schema.description ?? ''
      if (isFile) return { key, type: 'file', src: 'photo.jpg', description }
      return { key, type: 'text', value: exampleOf(schema), description, disabled }
    })
    return { mode: 'formdata', formdata }
  }
  const json = content['application/json']?.schema
  if (json !== undefined) {
    const fields = Object.entries(json.properties ?? {}).map(([key, { example }]) => [key, example])
    const raw = JSON.stringify(Object.fromEntries(fields), null, 2)
    return { mode: 'raw', raw, options: { raw: { language: 'json' } } }
  }
  if ('application/x-ndjson' in content) return { mode: 'file', file: { src: 'people.ndjson' } }
  return undefined
}

function fieldOf({ name: key, schema, description, required }: Parameter): Field {
  return {
    key,
    value: exampleOf(schema),
    description: description ?? schema.description ?? '',
    ...(!required && { disabled: true }),
  }
}

function exampleOf({ example }: Schema): string {
  return example === undefined ? '' : `${example}`
}
