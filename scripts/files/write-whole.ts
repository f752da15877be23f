/**
 * Files and folders that appear whole or not at all: they are written beside their place, under a name that nobody reads, and take the
 * place in one step. The name has the machine and the id of the process, so that two at once do not write into each other's, in containers
 * that share a folder neither. What a killed process leaves under its name, the next one of the same machine deletes.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** Where this process writes a file or folder until it is whole. */
export function partOf(path: string): string {
  return `${startOfParts(path)}${process.pid}.part`
}

/** Up to the id of the process: ids tell nothing of the processes of another machine or container. */
function startOfParts(path: string): string {
  return `${path}.${hostname()}-`
}

/** Writes a file in place of the one before, and makes its folder. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await makeWhole(path, (part) => writeFile(part, content, { flush: true }))
}

/**
 * The same of a file that is written piece by piece, into a folder that is there.
 *
 * @param write makes the file at the path that it is given
 * @throws Error whatever `write` throws: then the file before is still there, and the part is deleted
 */
export async function makeWhole(
  path: string,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const part = partOf(path)
  await deleteLeftParts(path)
  try {
    await write(part)
    await rename(part, path)
  } catch (error) {
    await deletePart(part)
    throw error
  }
}

/**
 * The same of a folder, and makes the one that it is in. The folder before is deleted when the new one is whole: a process that is killed
 * in between leaves none, never half of one.
 *
 * @param fill writes the files into the folder at the path that it is given
 */
export async function makeFolderWhole(
  path: string,
  fill: (part: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await makeWhole(path, async (part) => {
    await mkdir(part)
    await fill(part)
    await rm(path, { recursive: true, force: true })
  })
}

/** Of processes of this machine that are over. */
async function deleteLeftParts(path: string): Promise<void> {
  const start = basename(startOfParts(path))
  for (const entry of await readdir(dirname(path)).catch(() => [])) {
    const id = entry.startsWith(start) && /^(\d+)\.part$/.exec(entry.slice(start.length))?.[1]
    if (id && !isOfOther(Number(id))) await deletePart(join(dirname(path), entry))
  }
}

/** Named by a process, so it is no file of anybody's own. */
async function deletePart(part: string): Promise<void> {
  await rm(part, { recursive: true, force: true })
}

/** Whether another process runs that may be writing. */
function isOfOther(id: number): boolean {
  if (id === process.pid) return false
  try {
    return process.kill(id, 0)
  } catch (error) {
    // One of somebody else's may not be asked.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
