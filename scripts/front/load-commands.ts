/** All commands that package.json lists, by what their files declare. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import manifest from '../../package.json' with { type: 'json' }
import type { Command } from './command.ts'
import { projectRoot } from './project-root.ts'

export interface LoadedCommand {
  readonly command: Command
  /** From the top of the project. */
  readonly file: string
}

/** In the order of package.json. */
export async function loadCommands(): Promise<LoadedCommand[]> {
  const commands: LoadedCommand[] = []
  for (const [name, line] of Object.entries(manifest.scripts)) {
    const file = line
      .split(' ')
      .find((word) => /^(scripts|lab|bench)\/(upkeep\/)?[\w-]+\.ts$/.test(word))
    if (file === undefined) continue
    const { command } = await import(pathToFileURL(join(projectRoot, file)).href)
    if (command?.name !== name) throw new Error(`${file} declares no command "${name}"`)
    commands.push({ command, file })
  }
  return commands
}
