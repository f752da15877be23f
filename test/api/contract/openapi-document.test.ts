/** The document itself, in Node: against the published schema of OpenAPI 3.1, and that nothing in it goes without a word. */

import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { describeApi, errorsOf } from '../../../src/api/contract/openapi.ts'
import { asServed, type Operation, type Schema } from '../../../src/api/contract/openapi-shape.ts'
import { endpoints } from '../../../src/api/endpoints.ts'

const document = asServed(describeApi(endpoints))
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method} ${path}`, operation] as [string, Operation],
  ),
)

/** Where in a schema a property goes without a description, its own or that of what it refers to. */
function findUndescribed(schema: Schema, path: string): string[] {
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    ...(isDescribed(property) ? [] : [`${path}.${name}`]),
    ...findUndescribed(property, `${path}.${name}`),
  ])
  const inItems = schema.items ? findUndescribed(schema.items, `${path}[]`) : []
  return [...own, ...inItems, ...parts.flatMap((part) => findUndescribed(part, path))]
}

function isDescribed({ description, $ref, allOf }: Schema): boolean {
  // What is referred to says by its own properties what it is.
  return Boolean(description) || $ref !== undefined || Boolean(allOf?.some(isDescribed))
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) })
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
  })

  it('is found invalid when it is', async () => {
    const broken = structuredClone(document)
    Object.assign(broken.paths['/verify']!.post!, { parameters: [{ name: 'identity' }] })
    expect(await new Validator().validate({ ...broken })).toMatchObject({ valid: false })
  })

  it('has schemas whose references all resolve', async () => {
    const validator = new Validator()
    await validator.validate({ ...structuredClone(document) })
    expect(JSON.stringify(validator.resolveRefs())).not.toContain('"$ref"')
  })

  it('describes every property of every schema', () => {
    const named = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      findUndescribed(schema, name),
    )
    const sent = operations.flatMap(([where, { requestBody, responses }]) =>
      [requestBody, ...Object.values(responses)].flatMap((media) =>
        Object.values(media?.content ?? {}).flatMap(({ schema }) => findUndescribed(schema, where)),
      ),
    )
    expect([...named, ...sent]).toEqual([])
  })

  it('describes itself and its tags', () => {
    expect(document.info.description).toBeTruthy()
    for (const { name, description } of document.tags) expect(description, name).toBeTruthy()
  })

  it('names every operation once, as the client does', () => {
    const ids = operations.map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/)
  })

  it.each(operations)('%s describes parameters, body, answers and headers', (_, operation) => {
    expect(operation.summary).toBeTruthy()
    expect(document.tags.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...operation.tags]),
    )
    for (const { name, description } of operation.parameters ?? []) {
      expect(description, name).toBeTruthy()
    }
    if (operation.requestBody) expect(operation.requestBody.description).toBeTruthy()
    for (const [status, answer] of Object.entries(operation.responses)) {
      expect(answer.description, status).toBeTruthy()
      expect(Object.keys(answer.headers ?? {}), status).toContain('X-Request-Id')
      for (const header of Object.values(answer.headers ?? {})) {
        expect(header.description).toBeTruthy()
        expect(header.schema.type).toMatch(/^(string|integer)$/)
      }
    }
  })

  it('names session_over wherever a key is asked for, since a token that is over gets it everywhere', () => {
    const naming = endpoints.filter((endpoint) => errorsOf(endpoint).includes('session_over'))
    expect(naming).toEqual(endpoints.filter(({ role }) => role !== 'none'))
    expect(naming.map(({ role }) => role)).toContain('admin')
  })

  it('describes the header that each status brings', () => {
    const withStatus = (status: string) =>
      operations.flatMap(([, { responses }]) => responses[status] ?? [])
    expect(withStatus('401').length).toBeGreaterThan(0)
    for (const { headers } of withStatus('401')) expect(headers).toHaveProperty('WWW-Authenticate')
    for (const { headers } of withStatus('429')) expect(headers).toHaveProperty('Retry-After')
  })
})
