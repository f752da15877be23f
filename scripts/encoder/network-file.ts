/** A file with a network, or two, -> its graph. */
import { readFile } from 'node:fs/promises'
import { CommandFault } from '../front/fault.ts'
import { readIr } from '../weights/graphs/ir-file.ts'
import { type OnnxGraph, readOnnx } from '../weights/graphs/onnx-file.ts'

/** @param path an .onnx file, or the .xml file of an OpenVINO IR with its .bin beside it. Throws CommandFault. */
export async function readNetworkFile(path: string): Promise<OnnxGraph> {
  if (!path.endsWith('.xml')) return readOnnx(new Uint8Array(await read(path)))
  const bin = path.replace(/\.xml$/, '.bin')
  return readIr((await read(path)).toString('utf8'), new Uint8Array(await read(bin)))
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch(() => {
    throw new CommandFault(`${path}: there is no such file`)
  })
}
