/** What a person sees and does on a page, for tests of pages in a browser: read, wait for, type, choose a file. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'

const usualPatienceMs = 30_000
const lookEveryMs = 50

/** The value of an expression of the page, which must be JSON. */
export async function evaluate<Value>(page: Page, expression: string): Promise<Value> {
  return (await page.evaluate(expression)) as Value
}

const find = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`

/** Empty where there is no such element. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return await evaluate(page, `${find(selector)}?.textContent?.trim() ?? ''`)
}

export async function textsOf(page: Page, selector: string): Promise<string[]> {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`
  return await evaluate(page, `${all}.map((element) => element.textContent.trim())`)
}

/** Of the element, such as `value` or `hidden`. */
export async function propertyOf(page: Page, selector: string, name: string): Promise<unknown> {
  return await evaluate(page, `${find(selector)}[${JSON.stringify(name)}]`)
}

/** Waits until an expression of the page is true. */
export async function untilTrue(
  page: Page,
  expression: string,
  patienceMs = usualPatienceMs,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await evaluate<boolean>(page, `Boolean(${expression})`))) {
    if (Date.now() > deadline) throw new Error(`never came true: ${expression}`)
    await sleep(lookEveryMs)
  }
}

/** Waits until the element says it. */
export async function untilText(page: Page, selector: string, text: string): Promise<void> {
  const says = `${find(selector)}?.textContent?.includes(${JSON.stringify(text)})`
  await untilTrue(page, says).catch(async () => {
    throw new Error(`${selector} says "${await textOf(page, selector)}", expected "${text}"`)
  })
}

/** In place of what the field holds. */
export async function fill(page: Page, selector: string, text: string): Promise<void> {
  await page.evaluate(`${find(selector)}.value = ''`)
  await page.type(selector, text)
}

export async function chooseFiles(
  page: Page,
  selector: string,
  ...files: readonly string[]
): Promise<void> {
  const input = await page.$(selector)
  if (input === null) throw new Error(`the page has no ${selector}`)
  await (input as unknown as { uploadFile(...files: string[]): Promise<void> }).uploadFile(...files)
}
