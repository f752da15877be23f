/**
 * Runs a command as a process: reads the command line, says faults in one line on standard error, never a stack trace, and
 * ends with a code that scripts can rely on: 0 done, 1 not done, 2 a command line that cannot be followed, 130 and 143 stopped
 * by Ctrl-C or SIGTERM. However it ends, the terminal is left as it was. FACEGATE_DEBUG=1 shows where an error came from.
 */
import { constants } from 'node:os'
import { type Command, callOf, type Outcome } from './command.ts'
import { describeFault } from './describe-fault.ts'
import { CommandFault } from './fault.ts'
import { stopBars } from './progress.ts'
import { asksForHelp, helpOf, readInputs } from './read-inputs.ts'
import { requirePaths } from './require-paths.ts'

type End = () => string | undefined | Promise<string | undefined>

/** Signals within this time are one. */
const sameSignalMs = 500
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The last word of a command's file: it takes the process over. */
export function runCommand<Values>(command: Command<Values>): void {
  const ends: End[] = []
  const fail = async (error: unknown): Promise<never> => {
    stopBars()
    console.error(describeFault(error))
    if (process.env.FACEGATE_DEBUG === '1') console.error(error)
    await endEarly(ends)
    // Threads and connections that are still open hold nothing that matters any more.
    process.exit(error instanceof CommandFault ? error.exitCode : 1)
  }
  endQuietlyWithoutReader()
  stopOnSignals(ends)
  process.on('uncaughtException', fail)
  follow(command, process.argv.slice(2), ends).then((code) => {
    process.exitCode = code
  }, fail)
}

async function follow<Values>(
  command: Command<Values>,
  args: readonly string[],
  ends: End[],
): Promise<Outcome> {
  if (asksForHelp(args)) {
    process.stdout.write(helpOf(command))
    return 0
  }
  const values = readInputs(command, args)
  requirePaths(command, values)
  const typed = [callOf(command), ...args].join(' ')
  return await command.run(values, { typed, onStop: (end) => ends.push(end) })
}

/** Ends what the command started, and prints what it had done. */
async function endEarly(ends: End[]): Promise<void> {
  for (const end of ends.splice(0)) {
    try {
      const summary = await end()
      if (summary !== undefined) console.log(summary)
    } catch (error) {
      console.error(describeFault(error))
    }
  }
}

/** `| head` closes the pipe: what it did not want to read is no fault. */
function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }
}

function stopOnSignals(ends: End[]): void {
  let stoppedAt = 0
  for (const signal of signals) {
    process.on(signal, async () => {
      const code = 128 + constants.signals[signal]
      // A second Ctrl-C means do not wait; but npm may forward the signal that the terminal has sent here too.
      if (stoppedAt > 0 && performance.now() - stoppedAt < sameSignalMs) return
      if (stoppedAt > 0) process.exit(code)
      stoppedAt = performance.now()
      stopBars()
      console.error('stopped')
      await endEarly(ends)
      process.exit(code)
    })
  }
}
