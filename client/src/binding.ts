/**
 * What another Worker of the same account calls by a service binding to the service's entrypoint `FacegateService`: no key, no public
 * address. A failure comes back as a value, since errors lose their fields on the way between Workers.
 */
import type {
  OpenedSession,
  OpenSessionFields,
  Recognition,
  RecognizeFields,
  Session,
  Verification,
  VerifyFields,
} from './contract.ts'
import type { FacegateErrorInit } from './facegate-error.ts'

export type BindingAnswer<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  /** As a FacegateError has it. */
  | { readonly ok: false; readonly failure: Omit<FacegateErrorInit, 'cause'> }

export interface FacegateBinding {
  verify(
    identity: string,
    photo: Uint8Array | ArrayBuffer,
    fields?: Omit<VerifyFields, 'identity'>,
  ): Promise<BindingAnswer<Verification>>
  recognize(
    photo: Uint8Array | ArrayBuffer,
    fields?: RecognizeFields,
  ): Promise<BindingAnswer<Recognition>>
  openSession(fields?: OpenSessionFields): Promise<BindingAnswer<OpenedSession>>
  getSession(session: string): Promise<BindingAnswer<Session>>
  /** True when it was there. */
  revokeSession(session: string): Promise<BindingAnswer<true>>
}
