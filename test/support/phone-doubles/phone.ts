/**
 * A phone for the example of docs/client.md: a FormData that takes files by their address, as React Native's does and no other, and a
 * fetch that sends such a form. The example is the first argument.
 */
import { readFile } from 'node:fs/promises'
import { createClient } from 'facegate-client'

interface PhoneFile {
  readonly uri: string
  readonly type: string
  readonly name: string
}

class PhoneFormData {
  readonly parts: (readonly [name: string, value: string | PhoneFile])[] = []
  append(name: string, value: string | PhoneFile, fileName?: string): void {
    const isFile = typeof value === 'object' && 'uri' in value
    if ((typeof value !== 'string' && !isFile) || fileName !== undefined) {
      throw new TypeError('React Native takes texts and files of the phone')
    }
    this.parts.push([name, value])
  }
}

const realFormData = FormData
const realFetch = fetch
Object.assign(globalThis, {
  FormData: PhoneFormData,
  async fetch(url: string, init: RequestInit) {
    const { body } = init as { body: unknown }
    if (!(body instanceof PhoneFormData)) return await realFetch(url, init)
    const form = new realFormData()
    for (const [name, value] of body.parts) {
      if (typeof value === 'string') {
        form.append(name, value)
        continue
      }
      console.log(`sent ${value.type}`)
      form.append(name, new Blob([await readFile(new URL(value.uri))]), value.name)
    }
    return await realFetch(url, { ...init, body: form })
  },
})

const { unlock } = (await import(process.argv[2]!)) as {
  unlock(url: string, token: string, uri: string): Promise<boolean>
}
const url = process.env.FACEGATE_URL!
const facegate = createClient({ url, key: process.env.APP_KEY })
const { token } = await facegate.openSession({ identity: 'eve' })
console.log(await unlock(url, token, new URL('../samples/probe-eve.jpg', import.meta.url).href))
const { token: other } = await facegate.openSession({ identity: 'cleo' })
console.log(await unlock(url, other, new URL('../samples/images/ada.jpg', import.meta.url).href))
