/**
 * src/site/browser -> build/pages/pages.json: the pages / and /admin with style and script inside, style and script of the reference,
 * and the hashes by which their Content-Security-Policy lets just these in. Built anew unless newer than its sources.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { writeWhole } from '../files/write-whole.ts'
import { projectRoot } from '../front/project-root.ts'
import { buildDir } from '../weights/networks.ts'

const pagesDir = join(projectRoot, 'src', 'site', 'browser')
const clientDir = join(projectRoot, 'client', 'src')
const pagesFile = join(buildDir, 'pages', 'pages.json')

/** Returns true when anything was built. */
export async function buildPages(): Promise<boolean> {
  const built = await stat(pagesFile).catch(() => null)
  const sources = [
    ...(await filesIn(pagesDir)),
    ...(await filesIn(clientDir)),
    import.meta.filename,
  ]
  const changed = await Promise.all(sources.map((source) => stat(source)))
  if (built && changed.every(({ mtimeMs }) => built.mtimeMs > mtimeMs)) return false
  const { style, script } = await bundleBoth('reference')
  const pages = {
    demo: await buildPage('demo'),
    admin: await buildPage('admin'),
    reference: { style, styleHash: hashOf(style), script, scriptHash: hashOf(script) },
  }
  await writeWhole(pagesFile, `${JSON.stringify(pages)}\n`)
  return true
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

interface BuiltPage {
  readonly html: string
  readonly styleHash: string
  readonly scriptHash: string
}

/** @param name of its folder, and of its three files there */
async function buildPage(name: string): Promise<BuiltPage> {
  const { style, script } = await bundleBoth(name)
  const template = await readFile(join(pagesDir, name, `${name}.html`), 'utf8')
  return {
    html: fill(template, name, style, script),
    styleHash: hashOf(style),
    scriptHash: hashOf(script),
  }
}

async function bundleBoth(name: string): Promise<{ style: string; script: string }> {
  const [style, script] = [await bundle(`${name}/${name}.css`), await bundle(`${name}/${name}.ts`)]
  return { style, script }
}

/** A style sheet or script with all that it imports, in one text. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(pagesDir, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  })
  const text = outputFiles[0]!.text.trim()
  // In a page, this would end the element that holds it.
  if (/<\/(script|style)/i.test(text)) throw new Error(`${entry}: holds the end of an element`)
  return text
}

/** The template names its files as any page does; here they move into it. */
function fill(template: string, name: string, style: string, script: string): string {
  const styleLink = `<link rel="stylesheet" href="${name}/${name}.css">`
  const styled = inPlace(template, styleLink, `<style>${style}</style>`)
  const scriptLink = `<script type="module" src="${name}/${name}.ts"></script>`
  return inPlace(styled, scriptLink, `<script type="module">${script}</script>`)
}

function inPlace(page: string, place: string, content: string): string {
  const parts = page.split(place)
  if (parts.length !== 2) throw new Error(`expected ${place} once in its page`)
  return parts.join(content)
}

/** As a Content-Security-Policy names it. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

if (import.meta.main) console.log((await buildPages()) ? 'pages built' : 'pages are up to date')
