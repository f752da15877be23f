/**
 * One progress bar for all long steps: a live line on a terminal, one plain line per step where there is none. A bar hides the
 * cursor; whatever ends a command stops the bars first.
 */
import { Presets, SingleBar } from 'cli-progress'

export interface ProgressBar {
  start(total: number): void
  step(note?: string): void
  stop(): void
}

const running = new Set<SingleBar>()

/** Gives the cursor back. */
export function stopBars(): void {
  for (const bar of running) bar.stop()
  running.clear()
}

export function progressBar(label: string): ProgressBar {
  const bar = new SingleBar(
    {
      format: `${label.padEnd(20)} {bar} {value}/{total} {note}`,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 10_000,
      emptyOnZero: true,
      clearOnComplete: false,
      // It would swallow Ctrl-C: the front stops bars, and then ends the command.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  let total = 0
  let started = false
  return {
    start(steps) {
      total = steps
    },
    step(note = '') {
      // Drawn with the first step, so that a run with nothing to do shows nothing.
      if (!started) {
        bar.start(total, 0, { note })
        running.add(bar)
      }
      started = true
      bar.increment({ note })
    },
    stop() {
      if (started) bar.stop()
      running.delete(bar)
    },
  }
}
