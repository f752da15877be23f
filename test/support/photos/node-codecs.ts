/** The codecs of src/image, compiled for Node from the packages' files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jpegKernelFile } from '../../../scripts/kernels/build-kernels.ts'
import { type Codecs, createCodecs } from '../../../src/image/decode/codecs.ts'
import { type CodecModules, decoderModules } from '../../../src/image/decode/formats.ts'

/** The Worker's types declare the class abstract, because a Worker cannot compile. */
const { Module } = WebAssembly as unknown as {
  readonly Module: new (bytes: Uint8Array) => WebAssembly.Module
}

/** `path` as in an import, "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm". */
export function compileFromPackage(path: string): WebAssembly.Module {
  const bytes = readFileSync(join(import.meta.dirname, '../../../node_modules', path))
  return new Module(bytes)
}

export const nodeCodecModules: CodecModules = {
  webp: compileFromPackage(decoderModules.webp),
  jpeg: new Module(readFileSync(jpegKernelFile)),
}

export function createNodeCodecs(): Codecs {
  return createCodecs(nodeCodecModules)
}
