/** The same pipeline in Node: what the Worker imports statically is read from disk. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { EngineAssets } from '../src/face-engine.ts'
import { kernelFile } from './build-kernels.ts'
import { shardsDir } from './networks.ts'
import { readIndex } from './pack-network.ts'
import { packedEncoder } from './packed-encoder.ts'
import { isLivenessPacked } from './packed-liveness.ts'

const require = createRequire(import.meta.url)

export async function nodeAssets(): Promise<EngineAssets> {
  const [jpeg, png, webp, simd, kernels] = await Promise.all(
    [
      '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
      '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
      '@jsquash/webp/codec/dec/webp_dec.wasm',
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      kernelFile,
    ].map(compileWasm),
  )
  return {
    codecs: { jpeg: jpeg!, png: png!, webp: webp! },
    backend: { simd: simd!, kernels: kernels! },
    encoder: await packedEncoder(),
    hasLiveness: await isLivenessPacked(),
    async packedNetwork({ name }) {
      const index = await readIndex(name)
      if (!index) throw new Error(`${name} is not packed yet; run "npm run pack"`)
      return {
        index,
        readShardFile: async (file) => new Uint8Array(await readFile(join(shardsDir, file))).buffer,
      }
    },
  }
}

/** @param path file inside an installed package, or an absolute path */
export async function compileWasm(path: string): Promise<WebAssembly.Module> {
  // The Worker's types, which know no such constructor since Workers refuse it, hold for scripts too.
  const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
  return new Module(await readFile(require.resolve(path)))
}
