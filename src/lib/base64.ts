/** Bytes as base64 text and back. Pure. */

/** For small inputs: the bytes are passed as arguments, and a call takes only some ten thousand. */
export function bytesToBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Null when the text is neither base64 nor base64url; blanks and line ends in it do not count, and padding may be missing. */
export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  let binary: string
  try {
    binary = atob(/[-_]/.test(text) ? text.replaceAll('-', '+').replaceAll('_', '/') : text)
  } catch {
    return null
  }
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
