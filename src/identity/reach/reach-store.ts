/**
 * Every call to KV and to a Durable Object goes through here: a failure or timeout becomes `store_unavailable`, which may be
 * retried.
 */
import { FaceError } from '../../errors/face-error.ts'

/** Much longer than either usually takes, and shorter than a phone waits. */
export const storeTimeoutMs = 5000

/** @param action what the store was to do, for the message: `read`, `list` */
export async function reachStore<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await withTimeout(call(), storeTimeoutMs)
  } catch (error) {
    if (error instanceof FaceError) throw error
    throw new FaceError('store_unavailable', `The store failed to ${action}.`, { cause: error })
  }
}

/** Rejects when the promise did not settle in time; the underlying work continues. */
export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What the promise gives, or null when that takes longer: then it goes on for whoever waits for it. Rejects as it does. */
export async function withinTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
