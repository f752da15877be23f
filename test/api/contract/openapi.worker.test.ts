import { describe, expect, it } from 'vitest'
import { errorsOf } from '../../../src/api/contract/openapi.ts'
import { endpoints } from '../../../src/api/endpoints.ts'
import { errorTable } from '../../../src/errors/error-table.ts'
import { createTestApp } from '../../support/app/test-app.ts'

interface Schema {
  $ref?: string
  required?: string[]
  properties?: Record<string, Schema>
  allOf?: Schema[]
  enum?: string[]
  additionalProperties?: boolean
  type?: string
  format?: string
  items?: Schema
}
interface Operation {
  security: object[]
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}
interface Document {
  openapi: string
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> }
}

const response = await createTestApp().send('/openapi.json')
const document = await response.json<Document>()

/** The codes that an operation announces, by status. */
function codesOf(operation: Operation): [string, string[]][] {
  return Object.entries(operation.responses).flatMap(([status, { content }]) => {
    const schema = content?.['application/problem+json']?.schema
    if (schema === undefined) return []
    const codes = [schema, ...(schema.allOf ?? [])].flatMap(
      (part) => part.properties?.code?.enum ?? [],
    )
    return [[status, codes] as [string, string[]]]
  })
}

describe('GET /openapi.json', () => {
  it('is OpenAPI 3.1 with bearer keys', () => {
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(document.openapi).toBe('3.1.0')
    expect(document.components.securitySchemes.key).toMatchObject({
      type: 'http',
      scheme: 'bearer',
    })
  })

  it('has every endpoint, and no other', () => {
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(listed.sort()).toEqual(endpoints.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it('resolves every reference', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name)
  })

  it.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s lists its codes under their status, asks for its key and describes its answers',
    (_, endpoint) => {
      const operation = document.paths[endpoint.path][endpoint.method]
      const byStatus = codesOf(operation)
      for (const [status, codes] of byStatus) {
        for (const code of codes) {
          expect(errorTable).toHaveProperty(code)
          expect(Object.entries(errorTable).find(([known]) => known === code)?.[1].status).toBe(
            Number(status),
          )
        }
      }
      expect(byStatus.flatMap(([, codes]) => codes).sort()).toEqual(errorsOf(endpoint).sort())
      expect(operation.security).toHaveLength(endpoint.role === 'none' ? 0 : 1)
      for (const status of Object.keys(endpoint.answers)) {
        expect(operation.responses).toHaveProperty(status)
      }
    },
  )

  it('announces every code somewhere but those of routing', () => {
    const announced = new Set(endpoints.flatMap(errorsOf))
    const routing = ['not_found', 'method_not_allowed']
    expect([...announced, ...routing].sort()).toEqual(Object.keys(errorTable).sort())
  })

  it('describes a body of fields alone', () => {
    const { requestBody } = document.paths['/challenge'].post
    const { schema } = requestBody!.content['application/json']
    expect(schema.required).toEqual(['identity'])
    expect(schema.additionalProperties).toBe(false)
  })

  it('describes the three ways to send a photo', () => {
    const { requestBody, parameters } = document.paths['/verify'].post
    expect(Object.keys(requestBody?.content ?? {})).toEqual([
      'multipart/form-data',
      'application/json',
      'image/jpeg',
      'image/png',
      'image/webp',
      'application/octet-stream',
    ])
    const form = requestBody?.content['multipart/form-data'].schema
    expect(form?.additionalProperties).toBe(false)
    // A phone with the token of a session sends nothing but the photo.
    expect(form?.required).toEqual(['image'])
    expect(form?.properties?.image).toMatchObject({ type: 'string', format: 'binary' })
    expect(parameters?.map(({ name }) => name)).toEqual([
      ...['identity', 'fmr', 'challenge', 'device', 'Idempotency-Key'],
    ])
    expect(parameters?.some(({ required }) => required)).toBe(false)
  })

  it('describes several photos as an array of files, or base64 in JSON', () => {
    const content = document.paths['/admin/identities/{id}'].put.requestBody?.content
    expect(content?.['multipart/form-data'].schema.properties?.image).toMatchObject({
      type: 'array',
    })
    expect(content?.['application/json'].schema.properties?.images).toMatchObject({ type: 'array' })
  })

  it('takes no threshold anywhere', () => {
    const requests = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ parameters, requestBody }) => ({ parameters, requestBody })),
    )
    expect(JSON.stringify(requests)).not.toContain('"threshold"')
  })
})
