/** The same pipeline in Node: what the Worker imports statically is read from disk. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { EngineAssets } from '../../src/engine/face-engine.ts'
import { type CodecModules, decoderModules } from '../../src/image/decode/formats.ts'
import { CommandFault } from '../front/fault.ts'
import { imageKernelFile, jpegKernelFile, kernelFile } from '../kernels/build-kernels.ts'
import { shardsDir } from '../weights/networks.ts'
import { packedEncoder } from '../weights/packed-encoder.ts'
import { isLivenessPacked } from '../weights/packed-liveness.ts'
import { packedIndex } from '../weights/packed-model.ts'

const require = createRequire(import.meta.url)

/** Throws CommandFault when nothing was built yet. */
export async function nodeAssets(): Promise<EngineAssets> {
  if (!existsSync(kernelFile)) {
    throw new CommandFault('the networks are not prepared yet; run "npm run setup" once')
  }
  return {
    codecs: await nodeCodecs(),
    room: 'plenty',
    backend: {
      simd: await compileWasm('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
      kernels: await compileWasm(kernelFile),
    },
    averages: await compileWasm(imageKernelFile),
    encoder: await packedEncoder(),
    hasLiveness: await isLivenessPacked(),
    async packedNetwork({ name }) {
      const index = await packedIndex(name)
      return {
        index,
        readShardFile: async (file) => new Uint8Array(await readFile(join(shardsDir, file))).buffer,
      }
    },
  }
}

async function nodeCodecs(): Promise<CodecModules> {
  return {
    webp: await compileWasm(decoderModules.webp),
    jpeg: await compileWasm(jpegKernelFile),
  }
}

/** @param path file inside an installed package, or an absolute path */
export async function compileWasm(path: string): Promise<WebAssembly.Module> {
  // The Worker's types, which know no such constructor since Workers refuse it, hold for scripts too.
  const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
  return new Module(await readFile(require.resolve(path)))
}
