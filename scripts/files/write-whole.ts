/**
 * Files and folders that appear whole or not at all: they are written beside their place, under a name that nobody reads, and take the
 * place in one step. The name has the machine and the id of the process, so that two at once do not write into each other's, in containers
 * that share a folder neither. What a killed process leaves under its name, the next one of the same machine deletes.
 */
import { mkdir, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises'
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

/** Writes a file in place of the one before, and makes its folder. @param mode who may read it; as usual unless given */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const options = { flush: true, ...(mode !== undefined && { mode }) }
  await makeWhole(path, (part) => writeFile(part, content, options))
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
  await makePart(path, 'file', write)
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
  await makePart(path, 'folder', async (part) => {
    await mkdir(part)
    await fill(part)
    await rm(path, { recursive: true, force: true })
  })
}

type Kind = 'file' | 'folder'

async function makePart(
  path: string,
  kind: Kind,
  make: (part: string) => Promise<void>,
): Promise<void> {
  const part = partOf(path)
  await deleteLeftParts(path, kind)
  try {
    await make(part)
    await rename(part, path)
  } catch (error) {
    await deletePart(part, kind)
    throw error
  }
}

/** Of processes of this machine that are over. What is no part of this kind is nobody's part. */
async function deleteLeftParts(path: string, kind: Kind): Promise<void> {
  const start = basename(startOfParts(path))
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (entry.isDirectory() !== (kind === 'folder') || !entry.name.startsWith(start)) continue
    const id = /^(\d+)\.part$/.exec(entry.name.slice(start.length))?.[1]
    if (id && !isOfOther(Number(id))) await deletePart(join(dirname(path), entry.name), kind)
  }
}

async function deletePart(part: string, kind: Kind): Promise<void> {
  if (kind === 'folder') await rm(part, { recursive: true, force: true })
  // Where a folder is in the way nothing was written.
  else await unlink(part).catch(() => undefined)
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
