/** What a command line names on disk is there, and is what the command takes or can write, before the command begins. */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from './command.ts'
import { CommandFault } from './fault.ts'
import { isH5Name } from './h5-name.ts'
import type { PathKind } from './inputs.ts'

/** Throws CommandFault with exit code 2 for the first path that is not there, or is something else. */
export function requirePaths<Values>(command: Command<Values>, values: Values): void {
  const given = values as Readonly<Record<string, string | readonly string[] | undefined>>
  for (const [key, { path }] of Object.entries({ ...command.arguments, ...command.options })) {
    if (path === undefined) continue
    for (const name of [given[key] ?? []].flat())
      path === 'file to write' ? requireWritable(name) : requirePath(name, path)
  }
}

function requirePath(path: string, kind: Exclude<PathKind, 'file to write'>): void {
  const found = statSync(path, { throwIfNoEntry: false })
  const noun = kind === 'folder or h5 file' ? (isH5Name(path) ? 'file' : 'folder') : kind
  if (!found) throw new CommandFault(`${path}: there is no such ${noun}`, 2)
  const is = found.isDirectory() ? 'folder' : 'file'
  const isOtherFile = is === 'file' && noun === 'folder'
  if (!kind.includes(is) || isOtherFile)
    throw new CommandFault(`${path}: this is a ${is}, expected a ${kind}`, 2)
}

/** A file that is there already is replaced. */
function requireWritable(path: string): void {
  requirePath(dirname(path), 'folder')
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new CommandFault(`${path}: this is a folder, expected a file`, 2)
}
