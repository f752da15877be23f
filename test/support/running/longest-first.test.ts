import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TestSpecification, Vitest } from 'vitest/node'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { LongestFirst, longest } from './longest-first.ts'

describe('LongestFirst', () => {
  it('names files that there are', () => {
    expect(longest.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([])
  })

  it('puts them before all others, whatever their size and project', async () => {
    const file = (project: string, path: string) => {
      const config = { isolate: true, sequence: { groupOrder: 0 } }
      return { moduleId: join(projectRoot, path), project: { name: project, config } }
    }
    const files = [
      file('soak', 'vitest.config.ts'),
      file('soak-isolate', longest[1]!),
      file('soak', 'package.json'),
      file('soak', longest[0]!),
    ]
    const context = {
      config: { root: projectRoot },
      cache: { getTestSpecificationResult: () => undefined },
    }
    const order = new LongestFirst(context as unknown as Vitest)
    const sorted = await order.sort(files as unknown as TestSpecification[])
    expect(sorted.slice(0, 2).map(({ moduleId }) => moduleId)).toEqual(
      [longest[0]!, longest[1]!].map((path) => join(projectRoot, path)),
    )
    expect(sorted).toHaveLength(4)
  })
})
