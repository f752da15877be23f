/**
 * The plans of one network, one for each size of its input that was met. One runs at a time and nothing of it is read later but its
 * output, so all share one arena, as large as the largest of them needs. Who sends photos of every shape makes many plans, not many arenas.
 */

import type { NetworkTable } from '../table.ts'
import { writeCommands } from './commands.ts'
import { compilePlan, type Draft } from './compile-plan.ts'
import type { Heap } from './heap.ts'
import type { PlacedWeights } from './place-weights.ts'

/** What runs, by addresses on the heap. */
export interface Plan {
  readonly commands: number
  readonly count: number
  readonly input: number
  readonly inputBytes: number
  readonly output: number
  readonly outputBytes: number
  /** Of one picture, without the batch. */
  readonly outputShape: readonly number[]
}

interface Kept {
  readonly draft: Draft
  /** Where its commands expect the arena. */
  readonly base: number
  readonly plan: Plan
}

export class Plans {
  readonly #weights: PlacedWeights
  readonly #heap: Heap
  readonly #kept = new WeakMap<NetworkTable, Map<string, Kept>>()
  #arena = { base: 0, bytes: 0 }

  constructor(weights: PlacedWeights, heap: Heap) {
    this.#weights = weights
    this.#heap = heap
  }

  /** Good until the next one is asked for: that may move the arena. */
  planFor(table: NetworkTable, height: number, width: number): Plan {
    const bySize = this.#kept.get(table) ?? new Map<string, Kept>()
    this.#kept.set(table, bySize)
    const size = `${height}x${width}`
    const known = bySize.get(size)
    if (known?.base === this.#arena.base) return known.plan
    if (known) this.#heap.give(known.plan.commands)
    const draft = known?.draft ?? compilePlan(table, [height, width], this.#weights, this.#heap)
    const base = this.#arenaOf(draft.arenaBytes)
    const plan = placed(draft, base, this.#heap)
    bySize.set(size, { draft, base, plan })
    return plan
  }

  #arenaOf(bytes: number): number {
    const { base, bytes: room } = this.#arena
    if (bytes > room) {
      if (base !== 0) this.#heap.give(base)
      this.#arena = { base: this.#heap.take(bytes), bytes }
    }
    return this.#arena.base
  }
}

function placed(draft: Draft, base: number, heap: Heap): Plan {
  const { input, output, inputBytes, outputBytes, outputShape } = draft
  const commands = draft.commands.map((command) => command(base))
  return {
    commands: heap.put(writeCommands(commands)),
    count: commands.length,
    input: base + input,
    inputBytes,
    output: base + output,
    outputBytes,
    outputShape,
  }
}
