/** The two pages in a browser: nothing that axe finds, a search and copies that work by keyboard, and whole without scripts. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeApi } from '../../src/api/contract/openapi.ts'
import { asServed } from '../../src/api/contract/openapi-shape.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { calibrationOf, readCalibrationTable } from '../../src/decision/calibration.ts'
import { createPages } from '../../src/site/pages.ts'
import { recordedModel } from '../../src/site/recordings.ts'
import { type Browser, chromium, startBrowser, type Tab } from '../support/browser.ts'

const calibration = calibrationOf(readCalibrationTable(), recordedModel)
const pages = createPages({
  endpoints,
  describe: () => asServed(describeApi(endpoints)),
  running: () => ({ model: recordedModel, calibration }),
})

const server = createServer(async ({ url }, response) => {
  const page = pages.find(({ path }) => path === url)
  const answer = page?.respond(new Request(`http://localhost${url}`)) ?? new Response('')
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
})

if (!chromium) console.log('The pages were not looked at in a browser: there is no Chromium here.')

describe.skipIf(!chromium)('the pages in a browser', () => {
  let browser: Browser
  let origin: string
  let axe: string
  beforeAll(async () => {
    browser = await startBrowser(chromium!)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  const screens = (['light', 'dark'] as const).flatMap((scheme) =>
    [390, 1280].map((width) => ({ scheme, width })),
  )

  async function violations(tab: Tab): Promise<string[]> {
    await tab.evaluate(axe)
    return await tab.evaluate(
      'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ": " + target)))',
    )
  }

  describe.each(['/', '/docs'])('GET %s', (path) => {
    it.each(screens)('has nothing that axe finds: $scheme, $width px', async (screen) => {
      const tab = await browser.open(`${origin}${path}`, screen)
      expect(await violations(tab)).toEqual([])
      const overhang = await tab.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(overhang).toBe(0)
    })
  })

  it('axe finds what is wrong', async () => {
    const tab = await browser.open(`${origin}/docs`, screens[0]!)
    await tab.evaluate('document.querySelector("#search").removeAttribute("aria-label")')
    await tab.evaluate('document.querySelector("#search").removeAttribute("placeholder")')
    expect(await violations(tab)).toEqual(['label: #search'])
  })

  const shown = '[...document.querySelectorAll(".results a")].map((a) => a.getAttribute("href"))'
  const type = async (tab: Tab, text: string): Promise<void> => {
    for (const key of text) await tab.press(key)
  }

  describe('the search', () => {
    it.each([
      ['locked_out', '#locked_out'],
      ['recognize', '#recognize'],
      ['/compare', '#compare'],
      ['429 too many', '#locked_out'],
      ['unlock', '#unlockIdentity'],
      ['Verification', '#schema-Verification'],
    ])('finds %s', async (query, href) => {
      const tab = await browser.open(`${origin}/docs`, screens[0]!)
      await type(tab, `/${query}`)
      expect(await tab.evaluate<string[]>(shown)).toContain(href)
      if (!query.includes(' ')) expect((await tab.evaluate<string[]>(shown))[0]).toBe(href)
    })

    it.each(screens)('has nothing that axe finds: $scheme, $width px', async (screen) => {
      const tab = await browser.open(`${origin}/docs`, screen)
      await type(tab, '/recognize')
      expect(await violations(tab)).toEqual([])
    })

    it('goes where the arrow keys and Enter say, and closes', async () => {
      const tab = await browser.open(`${origin}/docs`, screens[0]!)
      await type(tab, '/face_too')
      const [, second] = await tab.evaluate<string[]>(shown)
      await tab.press('ArrowDown')
      await tab.press('ArrowDown')
      await tab.press('Enter')
      expect(await tab.evaluate('location.hash')).toBe(second)
      expect(await tab.evaluate('document.querySelector(".results").hidden')).toBe(true)
    })

    it('says when nothing is found, and Escape empties it', async () => {
      const tab = await browser.open(`${origin}/docs`, screens[0]!)
      await type(tab, '/<script>')
      expect(await tab.evaluate('document.querySelector(".results").textContent')).toBe('0 found')
      await tab.press('Escape')
      expect(await tab.evaluate('document.querySelector("#search").value')).toBe('')
    })
  })

  it('copies an example with a button', async () => {
    const tab = await browser.open(`${origin}/docs`, screens[0]!)
    const [text, name] = await tab.evaluate<string[]>(`(async () => {
      let copied
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text } } })
      const button = document.querySelector('#verify .copy')
      const name = button.getAttribute('aria-label')
      button.click()
      await new Promise((resolve) => setTimeout(resolve, 50))
      return [copied, name, button.textContent]
    })()`)
    expect(text).toContain(
      `curl -s http://localhost/verify \\\n  -H "Authorization: Bearer $APP_KEY"`,
    )
    expect(name).toBe('Copy the example of /verify')
  })

  it('has neither search nor buttons without scripts, and all the rest', async () => {
    const tab = await browser.open(`${origin}/docs`, { ...screens[0]!, scripts: false })
    const counts =
      '[".search", ".copy", "#verify", "#errors"].map((s) => document.querySelectorAll(s).length)'
    expect(await tab.evaluate(counts)).toEqual([0, 0, 1, 1])
  })
})
