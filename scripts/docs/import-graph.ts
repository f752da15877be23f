/** Which file of the project imports which, types included, read from the sources as text. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { projectRoot } from '../front/project-root.ts'

/** By file, relative to the project; what it imports of the project, in the same way. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

const isSource = (name: string): boolean => /\.(ts|mjs)$/.test(name)
/** Compiled by itself, from another language. */
const isKernel = (file: string): boolean => /\/kernels\//.test(file)

/** @param tops folders at the top of the project; tests in them are left out */
export function readImportGraph(tops: readonly string[]): ImportGraph {
  const files = tops.flatMap((top) =>
    readdirSync(join(projectRoot, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && isSource(entry.name))
      .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)))
      .filter((file) => !/(^|\/)(test|node_modules|build|dist)\//.test(file)),
  )
  const known = new Set(files)
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(projectRoot, file), 'utf8')
      const imported = isKernel(file)
        ? []
        : importsOf(text).map((path) => join(dirname(file), path))
      return [file, imported.filter((path) => known.has(path))]
    }),
  )
}

function importsOf(text: string): string[] {
  const specifiers = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)
  return [...new Set([...specifiers].map(([, path]) => path!))]
}

/** Files that import each other, round and round; one list a circle. */
export function circlesOf(graph: ImportGraph): string[][] {
  const circles: string[][] = []
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      circles.push([...path.slice(path.indexOf(file)), file])
      return
    }
    state.set(file, 'open')
    path.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    path.pop()
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file)
  return circles
}
