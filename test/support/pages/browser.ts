/**
 * A Chromium without a window, for tests of pages as a browser shows them. On Linux it comes out of an npm package; elsewhere the one that
 * is installed is taken. Puppeteer speaks to it.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { buildDir } from '../../../scripts/weights/networks.ts'

const { resolve } = createRequire(import.meta.url)
const packed = join(dirname(resolve('@sparticuz/chromium')), '..', 'bin', 'chromium.br')
const unpacked = join(buildDir, 'browser', 'chromium')

/** The first that starts; undefined where none does. */
export const chromium = [
  ...(process.platform === 'linux' && process.arch === 'x64' ? [await unpack()] : []),
  ...['chromium', 'chromium-browser', 'google-chrome', 'chrome'],
].find((command) => spawnSync(command, ['--version']).status === 0)

/** Moved to its place when it is whole: several processes may unpack it at once. */
async function unpack(): Promise<string> {
  if (existsSync(unpacked)) return unpacked
  await mkdir(dirname(unpacked), { recursive: true })
  const part = `${unpacked}-${process.pid}`
  await pipeline(
    createReadStream(packed),
    createBrotliDecompress({ chunkSize: 2 ** 21 }),
    createWriteStream(part, { mode: 0o755 }),
  )
  await rename(part, unpacked)
  return unpacked
}

export interface Screen {
  readonly width: number
  /** 900 unless given. */
  readonly height?: number
  readonly scheme: 'light' | 'dark'
  readonly scripts?: boolean
}

export const phone = { width: 390, height: 844 }
const desktop = { width: 1280, height: 900 }

/** Every page has to look right on each of these. */
export const screens: readonly Screen[] = (['light', 'dark'] as const).flatMap((scheme) =>
  [phone, desktop].map((size) => ({ ...size, scheme })),
)

/** @param camera a file of JPEGs one after the other (`.mjpeg`), which every page gets as its camera, over and over */
export async function startBrowser({
  camera,
  trustsAnybody = false,
}: {
  camera?: string
  /** Of a certificate that nobody vouches for. */
  trustsAnybody?: boolean
} = {}): Promise<Browser> {
  if (chromium === undefined) throw new Error('there is no Chromium here')
  const fakeCamera = [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${camera}`,
  ]
  // That of the package is a headless shell, which an installed one can be too.
  return await puppeteer.launch({
    browser: 'chrome',
    executablePath: resolveCommand(chromium),
    headless: 'shell',
    acceptInsecureCerts: trustsAnybody,
    args: ['--no-sandbox', '--disable-gpu', ...(camera === undefined ? [] : fakeCamera)],
  })
}

function resolveCommand(command: string): string {
  if (command.includes('/')) return command
  return spawnSync('which', [command], { encoding: 'utf8' }).stdout.trim()
}

export async function openPage(browser: Browser, url: string, screen: Screen): Promise<Page> {
  const { width, height = 900, scheme, scripts = true } = screen
  const page = await browser.newPage()
  await page.setViewport({ width, height })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.setJavaScriptEnabled(scripts)
  await page.goto(url)
  return page
}

const axe = await readFile(resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds, as "rule: element". */
export async function findViolations(page: Page): Promise<string[]> {
  // Pages whose policy allows no other script let the tests in all the same.
  await page.evaluate(axe)
  return (await page.evaluate(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ": " + target)))',
  )) as string[]
}

/** By how many pixels the page is wider than the window. */
export async function overhangOf(page: Page): Promise<number> {
  return (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number
}
