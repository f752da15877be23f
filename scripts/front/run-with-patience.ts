/**
 * Shows a program that writes a report as its last act, and ends it with all that it started when it does not end by itself: a
 * server that a broken test left behind would otherwise hold up a whole run for ever.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectRoot } from './project-root.ts'

export interface Patience {
  /** For everything, from the start. */
  readonly limitMs: number
  /** From the moment when its report is there. */
  readonly graceMs: number
}

export interface Ending {
  /** Null when a signal ended it. */
  readonly code: number | null
  /** Why it was ended; null when it ended by itself. */
  readonly fault: string | null
}

const pollMs = 200
/** Between the signal that asks a program to end and the one that it cannot ignore. */
const politeMs = 5000
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * @param report the file that it writes
 *
 * A signal that this process gets goes to the program first, and then ends this process too.
 */
export async function runWithPatience(
  command: string,
  args: readonly string[],
  report: string,
  { limitMs, graceMs }: Patience,
): Promise<Ending> {
  // A group of its own, so that one signal reaches whatever it started. Ctrl-C then has to be passed on.
  const tool = spawn(command, args, { cwd: projectRoot, stdio: 'inherit', detached: hasGroups })
  const ended = new Promise<number | null>((resolve, reject) => {
    tool.on('exit', resolve)
    tool.on('error', reject)
  })
  let interruptedBy: NodeJS.Signals | null = null
  const passOn = (signal: NodeJS.Signals) => {
    interruptedBy = signal
    signalGroup(tool, signal)
  }
  for (const signal of signals) process.on(signal, passOn)
  const watch = new AbortController()
  try {
    const fault = await Promise.race([
      ended.then(() => null),
      whyStuck(report, limitMs, graceMs, watch.signal),
    ])
    if (fault !== null) {
      signalGroup(tool, 'SIGTERM')
      await Promise.race([ended, sleep(politeMs)])
    }
    // Also what outlived the program itself.
    signalGroup(tool, 'SIGKILL')
    return { code: await ended, fault }
  } finally {
    watch.abort()
    for (const signal of signals) process.off(signal, passOn)
    if (interruptedBy !== null) process.kill(process.pid, interruptedBy)
  }
}

const hasGroups = process.platform !== 'win32'

function signalGroup(tool: ChildProcess, signal: NodeJS.Signals): void {
  if (!hasGroups || tool.pid === undefined) return void tool.kill(signal)
  try {
    process.kill(-tool.pid, signal)
  } catch (error) {
    // Nobody is left in it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Resolves when the patience is at its end, never once the signal is given. */
async function whyStuck(
  report: string,
  limitMs: number,
  graceMs: number,
  signal: AbortSignal,
): Promise<string> {
  const startedMs = performance.now()
  let reportedMs: number | null = null
  for (;;) {
    await sleep(pollMs, undefined, { signal }).catch(() => new Promise<never>(() => {}))
    const nowMs = performance.now()
    if (reportedMs === null && existsSync(report)) reportedMs = nowMs
    if (reportedMs !== null && nowMs - reportedMs > graceMs) {
      return `it did not end ${graceMs / 1000} s after its report: something that it started still runs`
    }
    if (nowMs - startedMs > limitMs) return `it did not end within ${limitMs / 60_000} minutes`
  }
}
