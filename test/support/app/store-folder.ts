/**
 * Where workerd keeps what tests store. Every change of an object is synced to a disk, and forgotten a moment later; in a folder that
 * lies in memory that takes a quarter of the time.
 */
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Of Linux; containers often have one of 64 MB, which is too small. */
const inMemory = '/dev/shm'
const leastFreeBytes = 2 ** 30

/** A folder that lies in memory where there is one with room, or else the usual one. */
export function storeFolder(folder = inMemory, usual = tmpdir()): string {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= leastFreeBytes ? folder : usual
  } catch {
    return usual
  }
}
