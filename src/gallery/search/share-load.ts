/**
 * Lets all who ask while something costly is being loaded wait for the same load. It is kept alive when the request that began
 * it is over; one that does not end in time, because whoever ran it was stopped, is given up, so that the next request begins
 * a new one. What was loaded is for the loader to keep.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { FaceError } from '../../errors/face-error.ts'
import { withTimeout } from '../../identity/reach-store.ts'

/** Much longer than a load takes. */
export const loadTimeoutMs = 30_000

/** Lets work go on when the request that began it is over. */
export type KeepAlive = (work: Promise<unknown>) => void

export function shareLoad<T>(
  load: (source: EncodingSource) => Promise<T>,
  keepAlive: KeepAlive = () => undefined,
): (source: EncodingSource) => Promise<T> {
  let current: { readonly model: string; readonly work: Promise<T> } | undefined

  function begin(source: EncodingSource): { readonly model: string; readonly work: Promise<T> } {
    const begun = { model: source.model, work: load(source) }
    const forget = (): void => {
      if (current === begun) current = undefined
    }
    keepAlive(begun.work.then(forget, forget))
    return begun
  }

  return async (source) => {
    if (current?.model !== source.model) current = begin(source)
    const waited = current
    try {
      return await withTimeout(waited.work, loadTimeoutMs)
    } catch (error) {
      if (current === waited) current = undefined
      if (error instanceof FaceError) throw error
      throw new FaceError('store_unavailable', 'The index could not be read.', { cause: error })
    }
  }
}
