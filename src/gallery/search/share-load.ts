/**
 * Shares one costly load among all requests that arrive while it runs. The load survives the request that started it. A load
 * that does not end in time, because its request was stopped, is given up, and the next request starts a new one. The loader
 * itself keeps the result.
 */
import type { EncodingSource } from '../../encoding/encoding.ts'
import { FaceError } from '../../errors/face-error.ts'
import { withTimeout } from '../../identity/reach/reach-store.ts'

/** Much longer than a load takes. */
export const loadTimeoutMs = 30_000

/** Keeps work running after the request that started it. */
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
