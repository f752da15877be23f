import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { pipelineSources } from '../../../scripts/setup/pipeline-hash.ts'

it('what is kept under the hash of the pipeline changes with every file that the pipeline imports from beside it', async () => {
  const engine = join(projectRoot, 'src', 'engine')
  const pipeline = await readFile(join(engine, 'pipeline.ts'), 'utf8')
  const names = [...pipeline.matchAll(/from '\.\/([\w/-]+\.ts)'/g)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(1)
  const sources = await pipelineSources()
  for (const name of names) {
    expect(sources.includes(await readFile(join(engine, name), 'utf8')), name).toBe(true)
  }
})
