/** The client as an app gets it: built, packed, and installed from the tarball into a folder of its own, without a network. */
import { spawnSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildClient, clientDir } from '../../../scripts/setup/build-client.ts'

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/**
 * Empties the folder, and leaves an app there whose one package is the client.
 *
 * @returns the paths of the files in the tarball
 */
export async function installClient(folder: string): Promise<readonly string[]> {
  await buildClient()
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  // It is built already: the hook that does it before packing is for whoever packs by hand.
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const packed = firstOf(JSON.parse(npm(clientDir, packing)))
  npm(folder, ['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`])
  return packed.files.map(({ path }) => path)
}

/** A list in npm 10 and 11, an object by name after them. */
function firstOf(answer: readonly Packed[] | Readonly<Record<string, Packed>>): Packed {
  const [packed] = Object.values(answer)
  if (packed === undefined) throw new Error('npm packed nothing')
  return packed
}

function npm(folder: string, args: readonly string[]): string {
  const { npm_execpath: script } = process.env
  const [command, first] = script ? [process.execPath, [script]] : ['npm', []]
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`npm ${args[0]} failed: ${stderr}`)
  return stdout
}
