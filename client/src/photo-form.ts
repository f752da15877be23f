/** Photos and fields as a multipart form, the way in that never holds a photo twice as base64. */

/** React Native's name of a file on the phone; its FormData reads the file itself. */
export interface PhotoFile {
  /** As an image picker or camera gives it: `file:///...` or `content://...`. */
  readonly uri: string
  readonly name?: string
  /** `image/jpeg` unless given. */
  readonly type?: string
}

/** A photo of at most 8 MiB. Bytes are for Node and browsers: React Native wants a PhotoFile. */
export type Photo = Blob | ArrayBuffer | Uint8Array | PhotoFile

/** The service reads the kind of a photo from its bytes; what a form lacks without it is the file name. */
const fileName = 'photo'

/** `fields` that are undefined are left out. */
export function photoForm(
  photos: readonly (readonly [name: string, photo: Photo])[],
  fields: object,
): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.append(name, String(value))
  }
  for (const [name, photo] of photos) {
    requirePhoto(name, photo)
    appendPhoto(form, name, photo)
  }
  return form
}

/** From JavaScript anything may come: no photo at all, or the path of one. */
function requirePhoto(name: string, photo: unknown): void {
  if (typeof photo === 'object' && photo !== null) return
  throw new TypeError(
    `${name}: expected a photo, as a Blob, as bytes or, in React Native, as { uri }; read a file before`,
  )
}

/** The hash of the very bytes that `photoForm` sends, in hexadecimal digits. */
export async function sha256OfPhoto(photo: Photo): Promise<string> {
  const bytes = await bytesOf(photo)
  // Absent on pages without https, and in React Native.
  const { subtle } = typeof crypto === 'undefined' ? { subtle: undefined } : crypto
  if (!subtle) throw new TypeError('A photo is announced by its hash, which needs crypto.subtle.')
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function bytesOf(photo: Photo): Promise<BufferSource> {
  if (photo instanceof ArrayBuffer || ArrayBuffer.isView(photo)) return photo as BufferSource
  if ('uri' in photo) return await (await fetch(photo.uri)).arrayBuffer()
  return await photo.arrayBuffer()
}

function appendPhoto(form: FormData, name: string, photo: Photo): void {
  if (photo instanceof ArrayBuffer || ArrayBuffer.isView(photo)) {
    form.append(name, new Blob([photo as Uint8Array<ArrayBuffer>]), fileName)
  } else if ('uri' in photo) {
    const file = { name: fileName, type: 'image/jpeg', ...photo }
    // React Native's FormData takes such an object where others take a Blob.
    form.append(name, file as unknown as Blob)
  } else {
    form.append(name, photo, fileName)
  }
}
