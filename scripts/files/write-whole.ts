/**
 * Files and folders that appear whole or not at all: they are written beside their place, under a name that nobody reads, and take the
 * place in one step. What a killed process leaves under that name, the next one writes over.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where a file or folder is written until it is whole. */
export function partOf(path: string): string {
  return `${path}.part`
}

/** Writes a file in place of the one before, and makes its folder. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await makeWhole(path, (part) => writeFile(part, content, { flush: true }))
}

/**
 * The same of a file that is written piece by piece.
 *
 * @param write makes the file at the path that it is given
 * @throws Error whatever `write` throws: then the file before is still there, and the part is deleted
 */
export async function makeWhole(
  path: string,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const part = partOf(path)
  await mkdir(dirname(path), { recursive: true })
  await rm(part, { recursive: true, force: true })
  try {
    await write(part)
    await rename(part, path)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

/**
 * The same of a folder. The folder before is deleted when the new one is whole: a process that is killed in between leaves none, never
 * half of one.
 *
 * @param fill writes the files into the folder at the path that it is given
 */
export async function makeFolderWhole(
  path: string,
  fill: (part: string) => Promise<void>,
): Promise<void> {
  await makeWhole(path, async (part) => {
    await mkdir(part)
    await fill(part)
    await rm(path, { recursive: true, force: true })
  })
}
