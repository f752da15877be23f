/** A photo at the door: encoded as /verify and /recognize encode it. A photo that they refuse opens nothing. */
import { readFile } from 'node:fs/promises'
import { encodeFace } from '../../src/engine/encode-face.ts'
import type { FaceEngine } from '../../src/engine/face-engine.ts'
import { FaceError } from '../../src/errors/face-error.ts'

/** @throws Error when there is no such file; FaceError when there is no face that is good enough in it */
export async function encodeProbe(engine: FaceEngine, file: string): Promise<Float32Array> {
  const photo = await readFile(file).catch(() => {
    throw new Error(`${file}: there is no such file`)
  })
  return (await encodeFace(engine, new Uint8Array(photo), { purpose: 'probe' })).encoding
}

/** @returns what `decide` returns, or the line of a door that a refusal keeps closed */
export async function orRefusal(decide: () => Promise<string[]>): Promise<string[]> {
  try {
    return await decide()
  } catch (error) {
    if (!(error instanceof FaceError)) throw error
    return [`the door stays closed: ${error.code}: ${error.message}`]
  }
}
