/** Where a command finds the Worker, and the admin key that it shows there: what was given, or what is usual on this machine. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { createClient } from '../../client/src/client.ts'
import { CommandFault } from '../front/fault.ts'
import { text } from '../front/inputs.ts'
import { devVarsFile } from '../setup/local-keys.ts'

export interface WorkerAddress {
  readonly url: string
  readonly key: string
  /** Where the key was found, as a message names it. */
  readonly keyFrom?: string
}

/** Options of every command that talks to a Worker. */
export const addressOptions = {
  url: text(
    'URL',
    'where the Worker serves; http://127.0.0.1:8787, or the port in PORT, unless given',
  ),
  key: text('ADMIN_KEY', 'an admin key; the one in ADMIN_KEY or in .dev.vars unless given'),
}

/** Throws a CommandFault for an address that is none, or a key that there is none of. */
export async function addressOf(values: {
  readonly url?: string | undefined
  readonly key?: string | undefined
}): Promise<WorkerAddress> {
  const url = values.url ?? `http://127.0.0.1:${process.env.PORT ?? 8787}`
  return { url: urlOf(url), ...(await findKey(values.key)) }
}

/**
 * With its scheme: `http` for this machine, `https` for every other. `http` to another machine is refused, because the key would
 * travel in the clear.
 */
export function urlOf(given: string): string {
  const bareHost = /^(localhost|\[[\da-f:.]+\]|[\w-]+(\.[\w-]+)+)(:\d+)?(\/.*)?$/i
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])(?![\w.-])/i.test(given)
  const url = bareHost.test(given) ? `${isHere ? 'http' : 'https'}://${given}` : given
  try {
    createClient({ url })
    new URL(url)
    return url
  } catch {
    // A password in the address is not shown.
    const shown = given.replace(/\/\/[^@/]*@/, '//...@')
    throw new CommandFault(
      `--url is "${shown}", expected https://facegate.example.workers.dev or, for this machine alone, http://127.0.0.1:8787`,
      2,
    )
  }
}

/** The first of several: any live one will do. */
async function findKey(given: string | undefined): Promise<Pick<WorkerAddress, 'key' | 'keyFrom'>> {
  const places: readonly (readonly [string | undefined, string])[] = [
    [given, '--key'],
    [process.env.ADMIN_KEY, 'the environment variable ADMIN_KEY'],
    [await readDevVars(), '.dev.vars'],
  ]
  const found = places.find(([value]) => value !== undefined && value !== '')
  if (found === undefined) {
    throw new CommandFault(
      'there is no admin key; expected --key, the environment variable ADMIN_KEY, or .dev.vars, which `npm start` writes',
      2,
    )
  }
  const [value, keyFrom] = found
  const key = value!.split(',')[0]!.trim()
  // What a header cannot carry would look like a connection that fails.
  if (!/^[!-~]+$/.test(key)) {
    throw new CommandFault(`the key of ${keyFrom} is none; expected visible ASCII characters`, 2)
  }
  return { key, keyFrom }
}

async function readDevVars(): Promise<string | undefined> {
  if (!existsSync(devVarsFile)) return undefined
  return parseEnv(await readFile(devVarsFile, 'utf8')).ADMIN_KEY
}
