/**
 * Part of a packed gallery as one file: people with their templates, and deleted people that earlier parts contain. It is
 * written once and never changed: a later segment overrules an earlier one. Reading and writing are both here. Pure.
 *
 *     offset  bytes
 *          0  4          magic "FGSG"
 *          4  4          version of this layout
 *          8  4          CRC-32 of everything from offset 12 on
 *         12  4          rows: a template each
 *         16  4          deletions
 *         20  4          bytes of the models' names
 *         24  4          bytes of the numbers of all templates; not in version 1
 *             4 a row    scale of the template, float32
 *             4 a row    version of the person's record, uint32
 *             1 a row    number of the model
 *                        numbers of the templates, int8, as many a row as its model says
 *                        the models, each ended by a line break: name, blank, numbers in a template; version 1 has the name alone
 *                        identities of the rows, then of the deleted: length in one byte, ASCII characters; none for a row
 *                        that is another template of the person of the row before, of another model
 *
 * Version 1 is for templates of 128 numbers. It is written whenever all are, so that an older Worker, which knows no other
 * length, can read it.
 *
 * Numbers are little-endian.
 */

import { crc32 } from 'node:zlib'
import type { GalleryEntry, ModelTemplate } from '../../identity/gallery-entry.ts'

/** The newest. */
export const segmentVersion = 2
const version1 = { version: 1, headerBytes: 24, templateLength: 128 } as const
const headerBytes = 28

export interface Segment {
  /** No person twice, and none who is also in the deleted list. */
  readonly people: Iterable<GalleryEntry>
  readonly deleted: Iterable<string>
}

const magic = 0x47534746
const mostModels = 256

/** A template as a row; `identity` is empty for the same person as in the row before. */
interface Row extends ModelTemplate {
  readonly identity: string
  readonly version: number
}

export function writeSegment(segment: Segment): Uint8Array<ArrayBuffer> {
  const rows = [...segment.people].flatMap(toRows)
  const deleted = [...segment.deleted]
  const models = [...new Set(rows.map(modelOf))]
  if (models.length > mostModels) throw new Error(`a segment holds ${mostModels} models at most`)
  const lengths = rows.map(({ template }) => template.numbers.length)
  const isVersion1 = lengths.every((length) => length === version1.templateLength)
  const modelLines = models.map((model) => `${isVersion1 ? nameOf(model) : model}\n`)
  const modelText = new TextEncoder().encode(modelLines.join(''))
  const templateBytes = lengths.reduce((sum, length) => sum + length, 0)
  const header = [
    ...[magic, isVersion1 ? version1.version : segmentVersion, 0],
    ...[rows.length, deleted.length, modelText.length],
    ...(isVersion1 ? [] : [templateBytes]),
  ]
  const at = layOut(header.length * 4, rows.length, templateBytes, modelText.length)
  const identities = [...rows.map(({ identity }) => identity), ...deleted]
  const identityBytes = identities.reduce((sum, identity) => sum + 1 + identity.length, 0)
  const bytes = new Uint8Array(at.identities + identityBytes)
  const view = new DataView(bytes.buffer)
  for (const [i, number] of header.entries()) view.setUint32(i * 4, number, true)
  const modelNumbers = new Map(models.map((model, number) => [model, number]))
  let numbersAt = at.numbers
  for (const [i, row] of rows.entries()) {
    const { version, template } = row
    view.setFloat32(at.scales + i * 4, template.scale, true)
    view.setUint32(at.versions + i * 4, version, true)
    bytes[at.modelNumbers + i] = modelNumbers.get(modelOf(row))!
    new Int8Array(bytes.buffer).set(template.numbers, numbersAt)
    numbersAt += template.numbers.length
  }
  bytes.set(modelText, at.models)
  let end = at.identities
  for (const identity of identities) {
    bytes[end] = identity.length
    for (let i = 0; i < identity.length; i++) bytes[end + 1 + i] = identity.charCodeAt(i)
    end += 1 + identity.length
  }
  view.setUint32(8, checksumOf(bytes), true)
  return bytes
}

/** Throws an error that names the expected and the found value. The templates are views of the bytes. */
export function readSegment(bytes: Uint8Array<ArrayBuffer>): Segment {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const number = (offset: number): number => view.getUint32(offset, true)
  if (bytes.length < version1.headerBytes || number(0) !== magic) {
    throw new Error('not a gallery segment')
  }
  const version = number(4)
  const isVersion1 = version === version1.version
  if (!isVersion1 && version !== segmentVersion) {
    throw new Error(
      `gallery segment: version ${version}, expected ${version1.version} or ${segmentVersion}`,
    )
  }
  expectEqual('checksum', checksumOf(bytes), number(8))
  const rows = number(12)
  const at = isVersion1
    ? layOut(version1.headerBytes, rows, rows * version1.templateLength, number(20))
    : layOut(headerBytes, rows, number(24), number(20))
  const identities = readIdentities(bytes.subarray(at.identities))
  expectEqual('number of identities', identities.length, rows + number(16))
  const models = new TextDecoder()
    .decode(bytes.subarray(at.models, at.identities))
    .split('\n')
    .map((line) => (isVersion1 ? { name: line, length: version1.templateLength } : toModel(line)))

  function readRow(row: number, numbersAt: number): Row {
    const { name, length } = models[bytes[at.modelNumbers + row]]
    return {
      identity: identities[row],
      version: number(at.versions + row * 4),
      model: name,
      template: {
        scale: view.getFloat32(at.scales + row * 4, true),
        numbers: new Int8Array(bytes.buffer, bytes.byteOffset + numbersAt, length),
      },
    }
  }

  function* readRows(): Generator<Row> {
    let numbersAt = at.numbers
    for (let row = 0; row < rows; row++) {
      const read = readRow(row, numbersAt)
      numbersAt += read.template.numbers.length
      yield read
    }
  }

  function* readPeople(): Generator<GalleryEntry> {
    let person: GalleryEntry | undefined
    for (const { identity, version, model, template } of readRows()) {
      if (identity === '' && person !== undefined) {
        person = { ...person, other: { model, template } }
        continue
      }
      if (person !== undefined) yield person
      person = { identity, version, model, template }
    }
    if (person !== undefined) yield person
  }

  return { people: { [Symbol.iterator]: readPeople }, deleted: identities.slice(rows) }
}

/** A model with the length of its templates, as a segment lists it: a name that stands for two lengths is listed twice. */
function modelOf({ model, template }: ModelTemplate): string {
  return `${model} ${template.numbers.length}`
}

function nameOf(model: string): string {
  return model.slice(0, model.lastIndexOf(' '))
}

function toModel(line: string): { readonly name: string; readonly length: number } {
  return { name: nameOf(line), length: Number(line.slice(line.lastIndexOf(' ') + 1)) }
}

function toRows({ other, ...entry }: GalleryEntry): Row[] {
  if (other === undefined) return [entry]
  return [entry, { ...other, identity: '', version: entry.version }]
}

/** Where each part begins. */
function layOut(scales: number, rows: number, templateBytes: number, modelBytes: number) {
  const versions = scales + rows * 4
  const modelNumbers = versions + rows * 4
  const numbers = modelNumbers + rows
  const models = numbers + templateBytes
  return { scales, versions, modelNumbers, numbers, models, identities: models + modelBytes }
}

function readIdentities(bytes: Uint8Array): string[] {
  const identities: string[] = []
  for (let at = 0; at < bytes.length; at += 1 + bytes[at]) {
    identities.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + bytes[at])))
  }
  return identities
}

function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes.subarray(12))
}

function expectEqual(what: string, found: number, expected: number): void {
  if (found === expected) return
  throw new Error(`gallery segment: ${what} ${found}, expected ${expected}`)
}
