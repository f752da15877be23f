/** A promise that is waited for later, or never: until then its failure is nobody's. */
export function expectLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
