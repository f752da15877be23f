/** The pages that are generated, whole or in part (between the marks `generated:` and `end`). A test compares them with this. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../front/project-root.ts'
import { blocksIn, fillBlocks } from './blocks.ts'
import { describeCommands } from './describe-commands.ts'
import { describeErrors } from './describe-errors.ts'

const docsDir = join(projectRoot, 'docs')

/** By file, the pages that are generated as a whole. */
const wholePages: Readonly<Record<string, () => string | Promise<string>>> = {
  [join(docsDir, 'errors.md')]: describeErrors,
  [join(docsDir, 'commands.md')]: describeCommands,
}

/** By path, each page as it is and as it should be. */
export async function generatedPages(): Promise<Map<string, { is: string; should: string }>> {
  const names = (await readdir(docsDir)).filter((name) => name.endsWith('.md'))
  const found = [join(projectRoot, 'README.md'), ...names.map((name) => join(docsDir, name))]
  const pages = new Map<string, { is: string; should: string }>()
  for (const file of new Set([...found, ...Object.keys(wholePages)])) {
    const is = await readFile(file, 'utf8').catch(() => '')
    const whole = wholePages[file]
    if (whole) pages.set(file, { is, should: await whole() })
    else if (blocksIn(is).length > 0) pages.set(file, { is, should: fillBlocks(is) })
  }
  return pages
}
