/** Everybody as a file, out and in: the lines of /admin/export, with the closing line by which importing checks them. */
import type { FacegateClient, ImportedLine } from '../../../../client/src/client.ts'

export interface SavedPeople {
  readonly people: number
  readonly unreadable: number
}

/** Hands the file to the browser, which saves it. */
export async function saveEverybody(facegate: FacegateClient): Promise<SavedPeople> {
  const lines: string[] = []
  let people = 0
  let unreadable = 0
  for await (const line of facegate.exportPeople()) {
    lines.push(`${JSON.stringify(line)}\n`)
    if ('unreadable' in line) unreadable++
    else if ('identity' in line) people++
  }
  const closing = { people, unreadable, sha256: await digestOf(lines.join('')) }
  const file = new Blob([...lines, `${JSON.stringify(closing)}\n`], {
    type: 'application/x-ndjson',
  })
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = `people-${new Date().toISOString().slice(0, 10)}.ndjson`
  link.click()
  URL.revokeObjectURL(address)
  return { people, unreadable }
}

export interface ImportedPeople {
  readonly created: number
  readonly replaced: number
  readonly unchanged: number
  readonly refused: readonly (ImportedLine & { readonly outcome: 'refused' })[]
}

export async function importFile(facegate: FacegateClient, file: File): Promise<ImportedPeople> {
  const count = { created: 0, replaced: 0, unchanged: 0 }
  const refused: (ImportedLine & { outcome: 'refused' })[] = []
  const lines = (await file.text()).split('\n').filter((line) => line.trim() !== '')
  for await (const line of facegate.importPeople(lines.filter(isPerson))) {
    if (line.outcome === 'refused') refused.push(line)
    else count[line.outcome]++
  }
  return { ...count, refused }
}

/** Header and closing line are of the file, not of anybody. What is no JSON goes on to the service, which says so. */
function isPerson(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null) return true
    return !('format' in parsed) && !('sha256' in parsed)
  } catch {
    return true
  }
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
