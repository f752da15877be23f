/**
 * Files as phones write them around a JPEG: more pictures, videos, depth and notes, before the picture in segments and behind its end. Each
 * is laid out as its maker describes it, with a small stand-in for what is not the photo.
 */
import { addJpegSegment } from '../add-exif.ts'
import { joinBytes } from '../make-png.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** Multi-Picture Format, CIPA DC-007: where further pictures lie. @param sizes of the first and of those behind it */
function pictureIndex(sizes: readonly number[]): Uint8Array {
  const entries = 16 * sizes.length
  const bytes = new Uint8Array(4 + 8 + 2 + 3 * 12 + 4 + entries)
  bytes.set(text('MPF\0MM\0*'))
  const view = new DataView(bytes.buffer, 4)
  view.setUint32(4, 8)
  view.setUint16(8, 3)
  const put = (at: number, tag: number, type: number, count: number, value: number): void => {
    view.setUint16(at, tag)
    view.setUint16(at + 2, type)
    view.setUint32(at + 4, count)
    view.setUint32(at + 8, value)
  }
  put(10, 0xb000, 7, 4, 0x30313030)
  put(22, 0xb001, 4, 1, sizes.length)
  put(34, 0xb002, 7, entries, 50)
  let offset = 0
  sizes.forEach((size, i) => {
    view.setUint32(50 + 16 * i, i === 0 ? 0x030000 : 0)
    view.setUint32(54 + 16 * i, size)
    view.setUint32(58 + 16 * i, offset)
    offset += size
  })
  return bytes
}

const xmpName = 'http://ns.adobe.com/xap/1.0/\0'

function xmp(description: string): Uint8Array {
  return text(
    `${xmpName}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ${description}</rdf:RDF></x:xmpmeta>`,
  )
}

/** What GContainer says of the parts of a file. */
function directory(...items: readonly string[]): string {
  const listed = items.map(
    (item) => `<rdf:li rdf:parseType="Resource"><Container:Item ${item}/></rdf:li>`,
  )
  return `xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"><Container:Directory><rdf:Seq>${listed.join('')}</rdf:Seq></Container:Directory></rdf:Description>`
}

/** Ultra HDR: a gain map behind the photo, named by both containers. */
export function asUltraHdr(photo: Uint8Array, gainMap: Uint8Array): Uint8Array {
  const map = addJpegSegment(
    gainMap,
    0xe1,
    xmp('xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>'),
  )
  const named = addJpegSegment(
    photo,
    0xe1,
    xmp(
      directory(
        'Item:Semantic="Primary" Item:Mime="image/jpeg"',
        `Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="${map.length}"`,
      ),
    ),
  )
  return asPictures(named, map)
}

/** As iPhones write a portrait with its depth and its matte. */
export function asPictures(photo: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array {
  const index = pictureIndex([photo.length, ...more.map(({ length }) => length)])
  return joinBytes(addJpegSegment(photo, 0xe2, index), ...more)
}

/** An MP4 file of so many bytes, with markers of a JPEG among them. */
function video(bytes: number): Uint8Array {
  const file = new Uint8Array(bytes)
  file.forEach((_, i) => {
    file[i] = (i * 2_654_435_761) >>> 24
  })
  file.set([0, 0, 0, 24, ...text('ftypmp42\0\0\0\0isommp42')])
  file.set([0xff, 0xd8, 0xff, 0xda, 0, 8, 0xff, 0xc0, 0xff, 0xd9], 40)
  return file
}

/** Google's: the video behind the end marker. */
export function asMotionPhoto(photo: Uint8Array, videoBytes: number): Uint8Array {
  const description = directory(
    'Item:Semantic="Primary" Item:Mime="image/jpeg"',
    `Item:Semantic="MotionPhoto" Item:Mime="video/mp4" Item:Length="${videoBytes}"`,
  )
  return joinBytes(addJpegSegment(photo, 0xe1, xmp(description)), video(videoBytes))
}

/** Samsung's: parts with their names, then a directory of them between SEFH and SEFT. */
function withSamsungTrailer(
  photo: Uint8Array,
  parts: readonly (readonly [type: number, name: string, data: Uint8Array])[],
): Uint8Array {
  const blocks = parts.map(([type, name, data]) => {
    const head = new Uint8Array(8)
    const view = new DataView(head.buffer)
    view.setUint16(2, type, true)
    view.setUint32(4, name.length, true)
    return joinBytes(head, text(name), data)
  })
  const sef = new Uint8Array(12 + 12 * parts.length)
  const view = new DataView(sef.buffer)
  sef.set(text('SEFH'))
  view.setUint32(4, 106, true)
  view.setUint32(8, parts.length, true)
  let back = blocks.reduce((sum, { length }) => sum + length, 0)
  parts.forEach(([type], i) => {
    view.setUint16(14 + 12 * i, type, true)
    view.setUint32(16 + 12 * i, back, true)
    view.setUint32(20 + 12 * i, blocks[i]!.length, true)
    back -= blocks[i]!.length
  })
  const tail = new Uint8Array(4)
  new DataView(tail.buffer).setUint32(0, sef.length, true)
  return joinBytes(photo, ...blocks, sef, tail, text('SEFT'))
}

export function asSamsungPhoto(photo: Uint8Array, videoBytes: number): Uint8Array {
  return withSamsungTrailer(photo, [
    [0x0a01, 'Image_UTC_Data', text('1732886400000')],
    [0x0ab1, 'DualShot_DepthMap_1', new Uint8Array(40_000).fill(0x80)],
    [0x0a30, 'MotionPhoto_Data', video(videoBytes)],
  ])
}

/** Google's of 2014: depth in XMP that goes on over many segments. */
export function withDepth(photo: Uint8Array, bytes: number): Uint8Array {
  const id = '0123456789ABCDEF0123456789ABCDEF'
  const most = 65_400
  let named = photo
  for (let at = 0; at < bytes; at += most) {
    const head = new Uint8Array(8)
    new DataView(head.buffer).setUint32(0, bytes)
    new DataView(head.buffer).setUint32(4, at)
    const part = new Uint8Array(Math.min(most, bytes - at)).fill(0x41)
    named = addJpegSegment(
      named,
      0xe1,
      joinBytes(text(`http://ns.adobe.com/xmp/extension/\0${id}`), head, part),
    )
  }
  return addJpegSegment(
    named,
    0xe1,
    xmp(
      `xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/" GDepth:Format="RangeInverse" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${id}"/>`,
    ),
  )
}
