/** Requests to a running Worker, as callers send them. */
import { basename } from 'node:path'
import { readPhoto } from '../photos/sample-photos.ts'

/** Fields that are bytes become files. */
export function formOf(fields: Readonly<Record<string, string | Uint8Array>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([value]), 'photo.jpg')
  }
  return form
}

export interface Caller {
  post(path: string, fields: Readonly<Record<string, string | Uint8Array>>): Promise<Response>
  put(path: string, photos: readonly string[]): Promise<Response>
  /** Fields as JSON. */
  patch(path: string, fields: object): Promise<Response>
  get(path: string): Promise<Response>
  delete(path: string): Promise<Response>
}

export function callerWith(key: string, url: string | URL): Caller {
  const headers = { Authorization: `Bearer ${key}` }
  const send = (method: string, path: string, body?: FormData) =>
    fetch(new URL(path, url), { method, headers, ...(body ? { body } : {}) })
  /** What may be sent twice is: a connection that was left open may be closed just as it is used again. */
  const sendSafely = (method: string, path: string) =>
    send(method, path).catch((error: unknown) => {
      if (!isClosedSocket(error)) throw error
      return send(method, path)
    })
  return {
    post: (path, fields) => send('POST', path, formOf(fields)),
    async put(path, photos) {
      const form = new FormData()
      for (const photo of photos) {
        form.append('image', new Blob([await readPhoto(photo)]), basename(photo))
      }
      return send('PUT', path, form)
    },
    patch: (path, fields) =>
      fetch(new URL(path, url), {
        method: 'PATCH',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(fields),
      }),
    get: (path) => sendSafely('GET', path),
    delete: (path) => sendSafely('DELETE', path),
  }
}

function isClosedSocket(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_SOCKET'
}
