/** Every call to KV goes through here: whatever fails there becomes `store_unavailable`, which may be retried. */
import { FaceError } from '../errors.ts'

/** @param action what KV was to do, for the message: `read`, `list` */
export async function reachKv<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof FaceError) throw error
    throw new FaceError('store_unavailable', `The store failed to ${action}.`, { cause: error })
  }
}
