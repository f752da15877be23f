/** The files of a published network, from its publisher, another address or a folder; they are what was looked at, or there is a fault. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFault } from '../front/fault.ts'

const timeoutMs = 60_000

export interface PublishedFiles {
  /** A folder; ends with a slash. */
  readonly url: string
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
  /** What fetches them: takes `--from DIR` behind it. */
  readonly command: string
}

/** @param from folder or URL; the publisher unless given. Throws CommandFault, in one line. */
export async function fetchPublished(
  { url, files, command }: PublishedFiles,
  from: string = url,
): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  // One after the other: of several faults, that of the first file is reported.
  for (const { name, sha256 } of files) {
    const isUrl = /^https?:\/\//.test(from)
    const bytes = isUrl ? await fetchFile(from, name, command) : await readLocal(from, name)
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (digest !== sha256) {
      throw new CommandFault(
        `${name} is another version of the file: its SHA-256 is ${digest}, expected ${sha256}; nothing was changed`,
      )
    }
    all.push(bytes)
  }
  return all
}

async function fetchFile(from: string, name: string, command: string): Promise<Uint8Array> {
  const address = `${from.replace(/\/?$/, '/')}${name}`
  const fault = (why: string): CommandFault =>
    new CommandFault(
      `${address} ${why}; nothing was changed. "${command} --from DIR" takes the files from a folder`,
    )
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw fault(`answers ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  } catch (error) {
    if (error instanceof CommandFault) throw error
    const { cause, message } = error as Error
    throw fault(`cannot be reached (${cause instanceof Error ? cause.message : message})`)
  }
}

async function readLocal(folder: string, name: string): Promise<Uint8Array> {
  const path = join(folder, name)
  const bytes = await readFile(path).catch(() => {
    throw new CommandFault(`${path}: there is no such file; nothing was changed`)
  })
  return new Uint8Array(bytes)
}
