/** The pages in a browser: nothing that axe finds, a search and copies that work by keyboard, and whole without scripts. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeApi } from '../../src/api/contract/openapi.ts'
import { asServed } from '../../src/api/contract/openapi-shape.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { calibrationOf, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { createPages } from '../../src/site/pages.ts'
import { recordedModel } from '../../src/site/recordings.ts'
import {
  chromium,
  openPage,
  overhangOf,
  type Screen,
  screens,
  startBrowser,
  findViolations as violations,
} from '../support/pages/browser.ts'

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

async function evaluate<Value>(tab: Page, expression: string): Promise<Value> {
  return (await tab.evaluate(expression)) as Value
}

describe.skipIf(!chromium)('the pages in a browser', () => {
  let browser: Browser
  let origin: string
  beforeAll(async () => {
    browser = await startBrowser()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  const open = (path: string, screen: Screen) => openPage(browser, `${origin}${path}`, screen)

  describe.each(['/', '/admin', '/docs'])('GET %s', (path) => {
    it.each(screens)('has nothing that axe finds: $scheme, $width px', async (screen) => {
      const tab = await open(path, screen)
      expect(await violations(tab)).toEqual([])
      expect(await overhangOf(tab)).toBe(0)
    })
  })

  it('axe finds what is wrong', async () => {
    const tab = await open('/docs', screens[0]!)
    await tab.evaluate('document.querySelector("#search").removeAttribute("aria-label")')
    await tab.evaluate('document.querySelector("#search").removeAttribute("placeholder")')
    expect(await violations(tab)).toEqual(['label: #search'])
  })

  const shown = '[...document.querySelectorAll(".results a")].map((a) => a.getAttribute("href"))'
  const type = async (tab: Page, text: string): Promise<void> => {
    await tab.keyboard.type(text)
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
      const tab = await open('/docs', screens[0]!)
      await type(tab, `/${query}`)
      expect(await evaluate<string[]>(tab, shown)).toContain(href)
      if (!query.includes(' ')) expect((await evaluate<string[]>(tab, shown))[0]).toBe(href)
    })

    it.each(screens)('has nothing that axe finds: $scheme, $width px', async (screen) => {
      const tab = await open('/docs', screen)
      await type(tab, '/recognize')
      expect(await violations(tab)).toEqual([])
    })

    it('goes where the arrow keys and Enter say, and closes', async () => {
      const tab = await open('/docs', screens[0]!)
      await type(tab, '/face_too')
      const [, second] = await evaluate<string[]>(tab, shown)
      await tab.keyboard.press('ArrowDown')
      await tab.keyboard.press('ArrowDown')
      await tab.keyboard.press('Enter')
      expect(await tab.evaluate('location.hash')).toBe(second)
      expect(await tab.evaluate('document.querySelector(".results").hidden')).toBe(true)
    })

    it('says when nothing is found, and Escape empties it', async () => {
      const tab = await open('/docs', screens[0]!)
      await type(tab, '/<script>')
      expect(await tab.evaluate('document.querySelector(".results").textContent')).toBe('0 found')
      await tab.keyboard.press('Escape')
      expect(await tab.evaluate('document.querySelector("#search").value')).toBe('')
    })
  })

  it('copies an example with a button', async () => {
    const tab = await open('/docs', screens[0]!)
    const [text, name] = await evaluate<string[]>(
      tab,
      `(async () => {
      let copied
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text } } })
      const button = document.querySelector('#verify .copy')
      const name = button.getAttribute('aria-label')
      button.click()
      await new Promise((resolve) => setTimeout(resolve, 50))
      return [copied, name, button.textContent]
    })()`,
    )
    expect(text).toContain(
      `curl -s http://localhost/verify \\\n  -H "Authorization: Bearer $APP_KEY"`,
    )
    expect(name).toBe('Copy the example of /verify')
  })

  it('has neither search nor buttons without scripts, and all the rest', async () => {
    const tab = await open('/docs', { ...screens[0]!, scripts: false })
    const counts =
      '[".search", ".copy", "#verify", "#errors"].map((s) => document.querySelectorAll(s).length)'
    expect(await tab.evaluate(counts)).toEqual([0, 0, 1, 1])
  })
})
