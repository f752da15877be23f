/** A Chromium without a window, spoken to over its DevTools protocol: for tests of the pages as a browser shows them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The first of these that the machine has; undefined where there is none. */
export const chromium = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)

export interface Screen {
  readonly width: number
  readonly scheme: 'light' | 'dark'
  readonly scripts?: boolean
}

export interface Tab {
  /** The value of an expression, once it has come true; it must be JSON. */
  evaluate<Value>(expression: string): Promise<Value>
  /** Presses and lets go, as a person would: `ArrowDown`, or a letter. */
  press(key: string): Promise<void>
  screenshot(): Promise<Buffer>
}

export interface Browser {
  open(url: string, screen: Screen): Promise<Tab>
  close(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly result?: object
  readonly error?: { readonly message: string }
}

interface Evaluated {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
}

const screenHeight = 900

export async function startBrowser(command: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'facegate-browser-'))
  const browser = spawn(
    command,
    ['--headless=new', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const socket = new WebSocket(await addressOf(browser))
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
  const waiting = new Map<number, (message: Message) => void>()
  const loading = new Map<string, () => void>()
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.id !== undefined) waiting.get(message.id)?.(message)
    if (message.method === 'Page.loadEventFired') loading.get(message.sessionId!)?.()
  })
  let lastId = 0

  async function ask<Result>(method: string, params: object = {}, sessionId?: string) {
    const id = ++lastId
    socket.send(JSON.stringify({ id, method, params, sessionId }))
    const { result, error } = await new Promise<Message>((resolve) => waiting.set(id, resolve))
    waiting.delete(id)
    if (error) throw new Error(`${method}: ${error.message}`)
    return result as Result
  }

  async function open(url: string, { width, scheme, scripts = true }: Screen): Promise<Tab> {
    const { targetId } = await ask<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
    })
    const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    })
    const inTab = <Result>(method: string, params: object = {}) =>
      ask<Result>(method, params, sessionId)
    await inTab('Page.enable')
    await inTab('Emulation.setDeviceMetricsOverride', {
      width,
      height: screenHeight,
      deviceScaleFactor: 1,
      mobile: false,
    })
    await inTab('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    })
    await inTab('Emulation.setScriptExecutionDisabled', { value: !scripts })
    const loaded = new Promise<void>((resolve) => loading.set(sessionId, resolve))
    await inTab('Page.navigate', { url })
    await loaded

    return {
      async evaluate<Value>(expression: string) {
        const { result, exceptionDetails } = await inTab<Evaluated>('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
          userGesture: true,
        })
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description)
        return result.value as Value
      },
      async press(key) {
        const text = key.length === 1 ? key : key === 'Enter' ? '\r' : undefined
        await inTab('Input.dispatchKeyEvent', { type: 'keyDown', key, text })
        await inTab('Input.dispatchKeyEvent', { type: 'keyUp', key })
      },
      async screenshot() {
        const { data } = await inTab<{ data: string }>('Page.captureScreenshot')
        return Buffer.from(data, 'base64')
      },
    }
  }

  return {
    open,
    async close() {
      const ended = new Promise((resolve) => browser.once('exit', resolve))
      await ask('Browser.close')
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** Where it listens: said on its standard error. */
function addressOf(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    browser.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [, address] = /DevTools listening on (ws:\S+)/.exec(said) ?? []
      if (address !== undefined) resolve(address)
    })
    browser.once('exit', () => reject(new Error(`the browser ended: ${said}`)))
  })
}
