/** The example for backends in docs/api.md, as it stands there, run against a Worker. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { buildDir } from '../../../scripts/weights/networks.ts'

interface ReceiptExample {
  requireMatch(
    receipt: string,
    expected: {
      readonly identity: string | undefined
      readonly challenge?: string
      readonly session?: string
      readonly purpose?: string
      readonly fmr?: number
    },
  ): Promise<void>
}

/** @param origin of the Worker, in place of the one that the page makes up */
export async function importReceiptExample(origin: string): Promise<ReceiptExample> {
  const page = await readFile(join(projectRoot, 'docs', 'api.md'), 'utf8')
  const [, code] = /```js\n([^`]*createRemoteJWKSet[\s\S]*?)```/.exec(page) ?? []
  if (code === undefined) throw new Error('docs/api.md has no example that checks a receipt')
  const madeUp = "'https://facegate.example.workers.dev'"
  if (!code.includes(madeUp)) throw new Error(`the example of docs/api.md is not for ${madeUp}`)
  // Inside the project, so that the packages it imports are found.
  const folder = join(buildDir, 'receipt-example')
  const file = join(folder, `receipt-${process.pid}.mjs`)
  await mkdir(folder, { recursive: true })
  await writeFile(file, code.replace(madeUp, `'${origin}'`))
  try {
    return await import(pathToFileURL(file).href)
  } finally {
    await rm(file)
  }
}
