/**
 * The service as `hc` of hono/client sees it: `hc<FacegateApp>(url, { headers })`. Types alone. Written by
 * `npm run write-client-contract` from the schemas that check requests and answers: change those, not this.
 */
import type { Hono } from 'hono'
import type {
  Challenge,
  Comparison,
  Detection,
  Encoding,
  Enrolment,
  ForgottenModels,
  Health,
  Identity,
  IdentityPage,
  KeySet,
  Problem,
  Recognition,
  Resealing,
  Verification,
} from './contract.ts'

type Failure = 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503

/** What a call gives: its answer, or a problem with the status of its code. */
type Call<Input, Output, Status, Format extends string = 'json'> =
  | { input: Input; output: Output; outputFormat: Format; status: Status }
  | { input: Input; output: Problem; outputFormat: 'json'; status: Failure }

type Routes = {
  '/challenge': {
    $post: Call<
      {
        json: {
          readonly identity: string
        }
      },
      Challenge,
      200
    >
  }
  '/verify': {
    $post: Call<
      {
        json: {
          readonly identity: string
          readonly fmr?: number
          readonly challenge?: string
          readonly image: string
        }
      },
      Verification,
      200
    >
  }
  '/recognize': {
    $post: Call<
      {
        json: {
          readonly limit?: number
          readonly fmr?: number
          readonly image: string
        }
      },
      Recognition,
      200
    >
  }
  '/compare': {
    $post: Call<
      {
        json: {
          readonly fmr?: number
          readonly left: string
          readonly right: string
        }
      },
      Comparison,
      200
    >
  }
  '/detect': {
    $post: Call<
      {
        json: {
          readonly image: string
        }
      },
      Detection,
      200
    >
  }
  '/encode': {
    $post: Call<
      {
        json: {
          readonly image: string
        }
      },
      Encoding,
      200
    >
  }
  '/admin/identities/:id': {
    $put: Call<
      {
        param: { id: string }
        header?: { 'If-Match'?: string; 'If-None-Match'?: string }
        json: {
          readonly name?: string
          readonly expiresAt?: string
          readonly allowDuplicate?: boolean
          readonly image?: string
          readonly images?: readonly string[]
        }
      },
      Enrolment,
      200 | 201
    >
    $get: Call<{ param: { id: string } }, Identity, 200>
    $patch: Call<
      {
        param: { id: string }
        header?: { 'If-Match'?: string }
        json: {
          readonly name?: string | null
          readonly expiresAt?: string | null
        }
      },
      Identity,
      200
    >
    $delete: Call<{ param: { id: string }; header?: { 'If-Match'?: string } }, null, 204, 'body'>
  }
  '/admin/identities/:id/images': {
    $post: Call<
      {
        param: { id: string }
        header?: { 'If-Match'?: string }
        json: {
          readonly allowDuplicate?: boolean
          readonly image?: string
          readonly images?: readonly string[]
        }
      },
      Enrolment,
      200
    >
  }
  '/admin/identities': {
    $get: Call<{ query?: { cursor?: string; limit?: string; prefix?: string } }, IdentityPage, 200>
  }
  '/admin/identities/:id/unlock': {
    $post: Call<{ param: { id: string } }, null, 204, 'body'>
  }
  '/admin/export': {
    $get: Call<{ query?: { cursor?: string; limit?: string } }, string, 200, 'text'>
  }
  '/admin/reseal': {
    $post: Call<{ query?: { cursor?: string; limit?: string } }, Resealing, 200>
  }
  '/admin/forget-models': {
    $post: Call<{ query?: { cursor?: string; limit?: string } }, ForgottenModels, 200>
  }
  '/health': {
    $get: Call<object, Health, 200>
  }
  '/.well-known/jwks.json': {
    $get: Call<object, KeySet, 200>
  }
}

export type FacegateApp = Hono<object, Routes>
