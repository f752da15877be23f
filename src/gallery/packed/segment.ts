/**
 * Part of a packed gallery as one file: people with their templates, and who was deleted though earlier parts have them. It is
 * written once and never changed: what a later segment says of somebody overrules an earlier one. Writing and reading live
 * here together. Pure.
 *
 *     offset  bytes
 *          0  4          magic "FGSG"
 *          4  4          version of this layout
 *          8  4          CRC-32 of everything from offset 12 on
 *         12  4          rows: a template each
 *         16  4          deletions
 *         20  4          bytes of the models' names
 *         24  4 a row    scale of the template, float32
 *             4 a row    version of the person's record, uint32
 *             1 a row    number of the model
 *             128 a row  numbers of the template, int8
 *                        names of the models, each ended by a line break
 *                        identities of the rows, then of the deleted: length in one byte, ASCII characters; none for a row
 *                        that is another template of the person of the row before, of another model
 *
 * Numbers are little-endian.
 */

import { crc32 } from 'node:zlib'
import { encodingLength } from '../../encoding/distance.ts'
import type { GalleryEntry, ModelTemplate } from '../../identity/gallery-entry.ts'

export const segmentVersion = 1

export interface Segment {
  /** Nobody twice, and nobody who is among the deleted too. */
  readonly people: Iterable<GalleryEntry>
  readonly deleted: Iterable<string>
}

const magic = 0x47534746
const headerBytes = 24
const mostModels = 256

/** A template as a row; `identity` is empty when it is of the person of the row before. */
interface Row extends ModelTemplate {
  readonly identity: string
  readonly version: number
}

export function writeSegment(segment: Segment): Uint8Array<ArrayBuffer> {
  const rows = [...segment.people].flatMap(toRows)
  const deleted = [...segment.deleted]
  const models = [...new Set(rows.map(({ model }) => model))]
  if (models.length > mostModels) throw new Error(`a segment holds ${mostModels} models at most`)
  const modelText = new TextEncoder().encode(models.map((model) => `${model}\n`).join(''))
  const identities = [...rows.map(({ identity }) => identity), ...deleted]
  const at = layOut(rows.length, modelText.length)
  const identityBytes = identities.reduce((sum, identity) => sum + 1 + identity.length, 0)
  const bytes = new Uint8Array(at.identities + identityBytes)
  const view = new DataView(bytes.buffer)
  const header = [magic, segmentVersion, 0, rows.length, deleted.length, modelText.length]
  for (const [i, number] of header.entries()) view.setUint32(i * 4, number, true)
  for (const [row, { version, model, template }] of rows.entries()) {
    view.setFloat32(at.scales + row * 4, template.scale, true)
    view.setUint32(at.versions + row * 4, version, true)
    bytes[at.modelNumbers + row] = models.indexOf(model)
    new Int8Array(bytes.buffer).set(template.numbers, at.numbers + row * encodingLength)
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

/** Throws with what was expected and what was found. The templates are views of the bytes. */
export function readSegment(bytes: Uint8Array<ArrayBuffer>): Segment {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const number = (offset: number): number => view.getUint32(offset, true)
  if (bytes.length < headerBytes || number(0) !== magic) throw new Error('not a gallery segment')
  expectEqual('version', number(4), segmentVersion)
  expectEqual('checksum', checksumOf(bytes), number(8))
  const rows = number(12)
  const at = layOut(rows, number(20))
  const identities = readIdentities(bytes.subarray(at.identities))
  expectEqual('number of identities', identities.length, rows + number(16))
  const models = new TextDecoder().decode(bytes.subarray(at.models, at.identities)).split('\n')

  function readRow(row: number): Row {
    const from = bytes.byteOffset + at.numbers + row * encodingLength
    return {
      identity: identities[row],
      version: number(at.versions + row * 4),
      model: models[bytes[at.modelNumbers + row]],
      template: {
        scale: view.getFloat32(at.scales + row * 4, true),
        numbers: new Int8Array(bytes.buffer, from, encodingLength),
      },
    }
  }

  function* readPeople(): Generator<GalleryEntry> {
    for (let row = 0; row < rows; row++) {
      const person = readRow(row)
      if (row + 1 === rows || identities[row + 1] !== '') {
        yield person
        continue
      }
      const { model, template } = readRow(++row)
      yield { ...person, other: { model, template } }
    }
  }

  return { people: { [Symbol.iterator]: readPeople }, deleted: identities.slice(rows) }
}

function toRows({ other, ...entry }: GalleryEntry): Row[] {
  if (other === undefined) return [entry]
  return [entry, { ...other, identity: '', version: entry.version }]
}

/** Where each part begins. */
function layOut(rows: number, modelBytes: number) {
  const versions = headerBytes + rows * 4
  const modelNumbers = versions + rows * 4
  const numbers = modelNumbers + rows
  const models = numbers + rows * encodingLength
  return {
    scales: headerBytes,
    versions,
    modelNumbers,
    numbers,
    models,
    identities: models + modelBytes,
  }
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
