/** Runs a program that a command needs, so that Ctrl-C still reaches the command; throws CommandFault with what it printed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { CommandFault } from './fault.ts'
import { projectRoot } from './project-root.ts'

export interface ToolOptions {
  /** What did not work, when it fails. */
  readonly fault: string
  readonly env?: NodeJS.ProcessEnv
}

/** What is in node_modules/.bin. */
export function binaryOf(name: string): string {
  return join(projectRoot, 'node_modules', '.bin', name)
}

export async function runTool(
  command: string,
  args: readonly string[],
  { fault, env = process.env }: ToolOptions,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const tool = spawn(command, args, { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  for (const stream of [tool.stdout, tool.stderr]) {
    stream.on('data', (part: Buffer) => output.push(part))
  }
  tool.on('error', (error) => reject(new CommandFault(`${fault}: ${error.message}`)))
  tool.on('close', (status) => {
    if (status === 0) return resolve()
    reject(new CommandFault(`${fault}: ${Buffer.concat(output).toString().trim()}`))
  })
  await promise
}

/** Shows what the program prints. Resolves to its exit code; null when a signal ended it. */
export function showTool(command: string, args: readonly string[]): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  const tool = spawn(command, args, { cwd: projectRoot, stdio: 'inherit' })
  tool.on('error', reject)
  tool.on('close', resolve)
  return promise
}
