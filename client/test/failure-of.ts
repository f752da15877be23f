import { FacegateError } from '../src/facegate-error.ts'

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<FacegateError> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  )
  if (!(outcome instanceof FacegateError)) throw new Error(`expected a failure, got ${outcome}`)
  return outcome
}
