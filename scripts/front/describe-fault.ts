/** An error as a person at a terminal can use it: what failed and why, and for errors of the system which file. */

/** By the codes of the system, where its own words are hard to read. */
const systemFaults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this may not be read or written by this user',
  EPERM: 'this may not be read or written by this user',
  EISDIR: 'this is a folder, expected a file',
  ENOTDIR: 'this is a file, expected a folder',
  ENOSPC: 'there is no space left on the disk',
  EROFS: 'this disk cannot be written to',
}

export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`
  const { code, path } = error as NodeJS.ErrnoException
  const fault = code === undefined ? undefined : systemFaults[code]
  if (fault !== undefined) return path === undefined ? fault : `${path}: ${fault}`
  const message = error.message === '' ? error.name : error.message
  // Node adds where it looked, line by line.
  return code === undefined ? message : message.split('\n')[0]!
}
