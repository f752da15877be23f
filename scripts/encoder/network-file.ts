/** A file with a network, or two or more, -> its graph. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { CommandFault } from '../front/fault.ts'
import { readIr } from '../weights/graphs/ir-file.ts'
import { type OnnxGraph, readOnnx } from '../weights/graphs/onnx-file.ts'

/** What is easily taken for a network, by how it begins. */
const others = [
  ['<', 'a page or another text with tags, as a site gives it that wants a login'],
  ['version https://git-lfs', 'a pointer of Git LFS; "git lfs pull" fetches the file'],
  ['\u001f\u008b', 'compressed with gzip; unpack it first'],
  ['PK\u0003\u0004', 'a zip archive, or a network of PyTorch'],
] as const
const beginning = 64

/** @param path an .onnx file, or the .xml file of an OpenVINO IR with its .bin beside it. Throws CommandFault. */
export async function readNetworkFile(path: string): Promise<OnnxGraph> {
  if (path.endsWith('.xml')) {
    const xml = await read(path, 'an OpenVINO IR is an .xml and a .bin file')
    const bin = await read(
      path.replace(/\.xml$/, '.bin'),
      'it holds the numbers of the .xml file beside it',
    )
    return readIr(xml.toString('utf8'), new Uint8Array(bin))
  }
  const bytes = await read(path, 'expected an ONNX file')
  const text = bytes.subarray(0, beginning).toString('latin1')
  const other = others.find(([begins]) => text.trimStart().startsWith(begins))
  if (other) throw new Error(`this is ${other[1]}`)
  return readOnnx(new Uint8Array(bytes), (file) => readBeside(path, file))
}

async function read(path: string, why: string): Promise<Buffer> {
  return readFile(path).catch(() => {
    throw new CommandFault(`${path}: there is no such file; ${why}; nothing was changed`)
  })
}

/** Numbers that a large ONNX file keeps in files beside it. */
function readBeside(path: string, file: string): Uint8Array {
  const isBeside = file !== '' && !isAbsolute(file) && !normalize(file).startsWith('..')
  if (!isBeside) throw new Error(`its numbers are in ${file || 'no file'}, expected one beside it`)
  try {
    return new Uint8Array(readFileSync(join(dirname(path), file)))
  } catch {
    throw new Error(`${file}, which holds its numbers, is not beside it`)
  }
}
