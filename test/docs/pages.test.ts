/** The pages of the documentation agree with the code: generated parts are up to date, and files that are named exist. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { fillBlocks } from '../../scripts/docs/blocks.ts'
import { generatedPages } from '../../scripts/docs/generated-pages.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'

async function pages(): Promise<[file: string, text: string][]> {
  const docs = (await readdir(join(projectRoot, 'docs'))).map((name) => join('docs', name))
  const files = [
    ...docs,
    'README.md',
    'images/README.md',
    'weights/README.md',
    'datasets/README.md',
  ]
  return await Promise.all(
    files
      .filter((file) => file.endsWith('.md'))
      .map(async (file) => [file, await readFile(join(projectRoot, file), 'utf8')] as const)
      .map(async (page) => [...(await page)] as [string, string]),
  )
}

describe('the documentation', () => {
  it('has the generated parts that npm run write-docs writes', async () => {
    const generated = await generatedPages()
    expect(generated.size).toBeGreaterThan(3)
    for (const [file, { is, should }] of generated) {
      expect(is, relative(projectRoot, file)).toBe(should)
    }
  })

  it('refuses a block that there is none of', () => {
    expect(() => fillBlocks('<!-- generated: nothing -->\n<!-- end -->')).toThrow(
      'there is no block "nothing"',
    )
  })

  it('names no source file that is not there', async () => {
    const missing = (await pages()).flatMap(([page, text]) =>
      [...text.matchAll(/\b(?:src|scripts|test|bench|lab|client)\/[\w./-]+?\.(?:ts|mjs|json)\b/g)]
        .filter(([path]) => !existsSync(join(projectRoot, path)))
        .map(([path]) => `${page}: ${path}`),
    )
    expect(missing).toEqual([])
  })

  it('links to no page that is not there', async () => {
    const missing = (await pages()).flatMap(([page, text]) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .filter(([, path]) => !existsSync(join(projectRoot, dirname(page), path!)))
        .map(([, path]) => `${page}: ${path}`),
    )
    expect(missing).toEqual([])
  })

  it('shows records and answers of a model that ships', async () => {
    const shipped = new Set(readCalibrationTable().calibrations.map(({ model }) => model))
    const shown = (await pages()).flatMap(([page, text]) =>
      [...text.matchAll(/"model": ?"([\w.-]+@[0-9a-f]{8})"/g)].map(([, model]) => ({
        page,
        model: model!,
      })),
    )
    expect(shown.length).toBeGreaterThan(3)
    expect(shown.filter(({ model }) => !shipped.has(model))).toEqual([])
  })

  it('names no command that package.json lacks', async () => {
    const known = new Map(Object.entries(manifest.scripts))
    const missing = (await pages()).flatMap(([page, text]) =>
      [...text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)]
        .filter(([, name]) => !known.has(name!))
        .map(([, name]) => `${page}: npm run ${name}`),
    )
    expect(missing).toEqual([])
  })
})
