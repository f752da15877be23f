/**
 * Our document as OpenAPI 3.1, for code that reads it: the reference page, the types of the client, tests. The types are those
 * of openapi3-ts, narrowed to what our document always has: only schemas are named and referred to, and every operation says
 * what it is called, what it does and what it answers.
 */

import type {
  ComponentsObject,
  HeaderObject,
  MediaTypeObject,
  OpenAPIObject,
  OperationObject,
  ParameterObject,
  RequestBodyObject,
  ResponseObject,
  SchemaObject,
  TagObject,
} from 'openapi3-ts/oas31'
import type { describeApi } from './openapi.ts'

/** One that refers to another has `$ref`, and maybe a description of its own. */
export interface Schema extends SchemaObject {
  readonly example?: unknown
  readonly enum?: (string | number | boolean)[]
  readonly properties?: Record<string, Schema>
  readonly items?: Schema
  readonly prefixItems?: Schema[]
  readonly oneOf?: Schema[]
  readonly anyOf?: Schema[]
  readonly allOf?: Schema[]
}

interface Media extends MediaTypeObject {
  readonly schema: Schema
}

export type Content = Record<string, Media>

export interface Parameter extends ParameterObject {
  readonly schema: Schema
}

interface RequestBody extends RequestBodyObject {
  readonly content: Content
}

interface Header extends HeaderObject {
  readonly description: string
  readonly schema: Schema
}

export interface DescribedAnswer extends ResponseObject {
  readonly headers?: Record<string, Header>
  readonly content?: Content
}

export interface Operation extends OperationObject {
  readonly operationId: string
  readonly summary: string
  readonly tags: string[]
  readonly parameters?: Parameter[]
  readonly requestBody?: RequestBody
  readonly responses: Record<string, DescribedAnswer>
}

interface Components extends ComponentsObject {
  readonly schemas: Record<string, Schema>
}

export interface OpenApi extends OpenAPIObject {
  readonly tags: TagObject[]
  /** By method. */
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: Components
}

/** The document as a caller gets it: without what JSON leaves out. */
export function asServed(document: ReturnType<typeof describeApi>): OpenApi {
  return JSON.parse(JSON.stringify(document))
}

/** The name of the schema that `$ref` refers to. */
export function nameOfRef(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}
