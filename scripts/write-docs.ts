/**
 * npm run write-docs
 *
 * Writes docs/errors.md, and the generated parts of the other pages (between the marks `generated:` and `end`). A test
 * compares the pages with what this writes.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blocksIn, fillBlocks } from './docs/blocks.ts'
import { describeErrors } from './docs/describe-errors.ts'
import { projectRoot } from './weights/networks.ts'

const docsDir = join(projectRoot, 'docs')

/** Every page that is generated, whole or in part, by its path; as it is, and as it should be. */
export async function generatedPages(): Promise<Map<string, { is: string; should: string }>> {
  const names = (await readdir(docsDir)).filter((name) => name.endsWith('.md'))
  const files = [join(projectRoot, 'README.md'), ...names.map((name) => join(docsDir, name))]
  const errorsFile = join(docsDir, 'errors.md')
  const pages = new Map<string, { is: string; should: string }>()
  for (const file of files) {
    const is = await readFile(file, 'utf8')
    if (file === errorsFile) pages.set(file, { is, should: describeErrors() })
    else if (blocksIn(is).length > 0) pages.set(file, { is, should: fillBlocks(is) })
  }
  return pages
}

if (import.meta.main) {
  for (const [file, { should }] of await generatedPages()) await writeFile(file, should)
}
