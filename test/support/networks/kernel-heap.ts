/** The kernels that plans run on, with a memory of their own. */
import { kernelFile } from '../../../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../../../scripts/setup/node-engine.ts'
import type { PlanKernels } from '../../../src/network/plan/kernel-exports.ts'

export interface KernelHeap {
  readonly memory: WebAssembly.Memory
  readonly kernels: PlanKernels
  /** Address of room for so many bytes, with some to spare behind it. */
  take(bytes: number): number
  /** Address of a copy. */
  put(values: Float32Array | Int16Array | Uint32Array): number
  /** What was taken so far may be written over. */
  clear(): void
}

/** Where the kernels keep nothing of their own any more. */
const start = 1024

/** @param pages of 64 KiB */
export async function startKernelHeap(pages: number): Promise<KernelHeap> {
  const memory = new WebAssembly.Memory({ initial: pages })
  const instance = new WebAssembly.Instance(await compileWasm(kernelFile), { env: { memory } })
  let end = start

  function take(bytes: number): number {
    const at = end
    end += Math.ceil((bytes + 128) / 64) * 64
    return at
  }

  return {
    memory,
    kernels: instance.exports as unknown as PlanKernels,
    take,
    put(values) {
      const at = take(values.byteLength)
      new Uint8Array(memory.buffer).set(new Uint8Array(values.buffer, 0, values.byteLength), at)
      return at
    },
    clear() {
      end = start
    },
  }
}
