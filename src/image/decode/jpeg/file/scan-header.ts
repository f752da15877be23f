/** The header of a scan: which components, which of their coefficients, and the Huffman tables that hold for them. ITU-T T.81, annex B.2.3. */
import { unreadableJpeg } from '../jpeg-faults.ts'
import type { JpegFrame } from './frame.ts'
import type { HuffmanTable } from './huffman-table.ts'
import { standardTables } from './standard-tables.ts'
import type { JpegTables } from './tables.ts'

export interface ScanComponent {
  /** Place in the frame. */
  readonly index: number
  /** Which of the file's tables `dc` is. */
  readonly dcId: number
  /** Undefined where the file has no such table: no matter unless the scan needs it. */
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
}

export interface ScanHeader {
  readonly components: readonly ScanComponent[]
  /** Coefficients, first and last. */
  readonly first: number
  readonly last: number
  /** Bits that earlier scans left out, 0 in the first scan of these coefficients, and that this one leaves out. */
  readonly high: number
  readonly low: number
}

/** Throws FaceError image_unreadable. */
export function readScanHeader(body: Uint8Array, frame: JpegFrame, tables: JpegTables): ScanHeader {
  const [dc, ac] = [tablesOf('dc', frame, tables), tablesOf('ac', frame, tables)]
  const count = body[0] ?? 0
  if (count < 1 || count > frame.components.length || body.length !== 4 + 2 * count) {
    throw unreadableJpeg('has a malformed scan header')
  }
  const components = Array.from({ length: count }, (_, i) => {
    const [id, numbers] = [body[1 + 2 * i]!, body[2 + 2 * i]!]
    const index = frame.components.findIndex((component) => component.id === id)
    if (index < 0) throw unreadableJpeg('has a scan of a component that its frame has not')
    return { index, dcId: numbers >> 4, dc: dc[numbers >> 4], ac: ac[numbers & 15] }
  })
  if (new Set(components.map(({ index }) => index)).size < count) {
    throw unreadableJpeg('has a malformed scan header')
  }
  // The last three bytes matter to progressive files alone; some cameras write nonsense into those of others.
  if (!frame.progressive) return { components, first: 0, last: 63, high: 0, low: 0 }
  const [first, last, bits] = body.subarray(-3) as unknown as [number, number, number]
  const [high, low] = [bits >> 4, bits & 15]
  const isDc = first === 0 && last === 0
  const isAc = first > 0 && last >= first && last <= 63 && count === 1
  if (!(isDc || isAc) || low > 13 || (high > 0 && high !== low + 1)) {
    throw unreadableJpeg('has a malformed scan header')
  }
  return { components, first, last, high, low }
}

/** Who writes none means the standard's; one of several that is missing was lost. */
function tablesOf(
  kind: 'dc' | 'ac',
  { progressive }: JpegFrame,
  tables: JpegTables,
): readonly HuffmanTable[] {
  return tables[kind].length > 0 || progressive ? tables[kind] : standardTables()[kind]
}
