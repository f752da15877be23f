/**
 * onnxruntime-web, WebAssembly with SIMD on one thread: what one would pick to run a network in a browser or in Node. It is
 * a package of the bench alone (bench/package.json, 150 MB), installed when the bench first runs.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runTool } from '../../scripts/front/run-tool.ts'
import { onnxInput, onnxOutput } from './to-onnx.ts'

const benchDir = join(import.meta.dirname, '..')

/** What is used of the package, whose own types are there only once it is installed. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string }
  readonly InferenceSession: {
    create(file: Uint8Array, options: { executionProviders: string[] }): Promise<Session>
  }
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => object
}

interface Session {
  run(inputs: Readonly<Record<string, object>>): Promise<Record<string, { data: Float32Array }>>
}

/** From [3, height, width], as the network wants its numbers, to its output in the same order of axes. */
export type OnnxRun = (input: Float32Array) => Promise<Float32Array>

async function loadRuntime(): Promise<Runtime> {
  if (!existsSync(join(benchDir, 'node_modules', 'onnxruntime-web'))) {
    console.error('installing onnxruntime-web for the bench ...')
    await runTool(
      'npm',
      ['ci', '--prefix', benchDir, '--ignore-scripts', '--no-audit', '--no-fund'],
      {
        fault: 'onnxruntime-web could not be installed',
      },
    )
  }
  const path = createRequire(join(benchDir, 'package.json')).resolve('onnxruntime-web')
  const runtime = await import(pathToFileURL(path).href)
  return runtime.default ?? runtime
}

/** The network of an ONNX file, ready to run. */
export async function openOnnx(
  file: Uint8Array,
  [height, width]: readonly [height: number, width: number],
): Promise<OnnxRun> {
  const { env, InferenceSession, Tensor } = await loadRuntime()
  env.wasm.numThreads = 1
  const session = await InferenceSession.create(file, { executionProviders: ['wasm'] })
  return async (input) => {
    const outputs = await session.run({
      [onnxInput]: new Tensor('float32', input, [1, 3, height, width]),
    })
    return outputs[onnxOutput]!.data
  }
}
