/**
 * One deployment at two places: a Worker near and one far, isolates of their own, before the same objects and the same KV, all of
 * them the bundle that wrangler builds, with a store on disk that outlives them. What the place far away sees of KV and how
 * long its objects take to answer is for the test to say.
 */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { transform } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare, Response, type V4WorkerOptions } from 'miniflare'
import { unstable_readConfig } from 'wrangler'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { type Caller, callerWith } from '../running/http.ts'
import { bundleKeys } from '../running/real-bundle.ts'
import type { Weather } from './place-worker.ts'

export interface Place {
  readonly url: URL
  readonly admin: Caller
  readonly app: Caller
  /** Opens a session with the key of the role app; its token is for a phone. */
  openSession(fields: object): Promise<OpenedSession>
  withKey(key: string): Caller
}

export interface OpenedSession {
  readonly session: string
  readonly token: string
}

export interface Places {
  readonly near: Place
  readonly far: Place
  /** From the next request on, far away. */
  setWeather(weather: Partial<Weather>): void
  /** As at the start: nothing late, nothing stale. */
  clearWeather(): void
  /** Far away KV shows from now on what it holds now. */
  freezeKv(): Promise<void>
  /** What a tail Worker was told of all of them since the start, an invocation each. */
  readonly traces: readonly Trace[]
  /** Ends both at once, whatever they are doing in the background. */
  stop(): Promise<void>
}

/** Of an invocation, as far as tests look at it. */
export interface Trace {
  readonly outcome: string
  /** Of a call of an object, the method. */
  readonly event: { readonly rpcMethod?: string } | null
  readonly logs: readonly object[]
  readonly exceptions: readonly object[]
  readonly diagnosticsChannelEvents: readonly object[]
}

/** Hands on what it is told. */
const tailScript = `export default {
  async tail(events, env) {
    await env.SINK.fetch('http://sink', { method: 'POST', body: JSON.stringify(events) })
  },
}`

interface Namespaces {
  readonly IDENTITIES: KVNamespace
  readonly STALE: KVNamespace
}

const moduleTypes = new Map([
  ['.js', 'ESModule'],
  ['.wasm', 'CompiledWasm'],
  ['.bin', 'Data'],
] as const)

type Modules = Extract<V4WorkerOptions, { modules: readonly object[] }>['modules']

/** Stands in the place of the source that it was made of, so that an import of that finds it. */
async function bundleModules(outdir: string): Promise<Modules> {
  const names = (await readdir(outdir)).filter((name) => /\.(js|wasm|bin)$/.test(name))
  const isEntry = (name: string): boolean => name === 'index.js'
  const modules = names.map(async (name) => ({
    type: moduleTypes.get(extname(name) as '.js')!,
    path: join(projectRoot, 'src', isEntry(name) ? 'index.ts' : name),
    contents: await readFile(join(outdir, name)),
  }))
  const all = await Promise.all(modules)
  return all.sort((a, b) => Number(b.type === 'ESModule') - Number(a.type === 'ESModule'))
}

async function placeModule(): Promise<Modules[number]> {
  const path = join(import.meta.dirname, 'place-worker.ts')
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts' })
  return { type: 'ESModule', path, contents: code }
}

/**
 * @param outdir what wrangler built
 * @param store folder of what is stored, of a run before too
 * @param vars beside those of wrangler.toml
 */
export async function startPlaces(
  outdir: string,
  store: string,
  vars: Readonly<Record<string, string>> = {},
): Promise<Places> {
  const clear: Weather = { kvDelayMs: 0, isKvStale: false, objectDelayMs: 0 }
  let weather = clear
  const traces: Trace[] = []
  const config = join(projectRoot, 'wrangler.toml')
  const { compatibility_date: compatibilityDate } = unstable_readConfig({ config })
  const bundle = await bundleModules(outdir)
  const place = await placeModule()
  const objectsOf = (className: string, isOwn: boolean) => ({
    className,
    useSQLite: true,
    ...(!isOwn && { scriptName: 'objects' }),
  })
  const workerOf = (name: string, modules: Modules): V4WorkerOptions => ({
    name,
    modules,
    modulesRoot: projectRoot,
    compatibilityDate,
    bindings: {
      INDEX: 'kv',
      ADMIN_KEY: bundleKeys.admin,
      APP_KEY: bundleKeys.app,
      TEMPLATE_KEYS: bundleKeys.template,
      RECEIPT_KEYS: bundleKeys.receipt,
      ...vars,
    },
    kvNamespaces: { IDENTITIES: 'identities', STALE: 'stale' },
    ratelimits: {
      ADMIN_FAILURES: { namespace_id: '1001', simple: { limit: 10, period: 60 } },
      KEY_WORK: { namespace_id: '1002', simple: { limit: 600, period: 60 } },
      KEY_FAILURES: { namespace_id: '1003', simple: { limit: 60, period: 60 } },
      DEVICE_FAILURES: { namespace_id: '1004', simple: { limit: 10, period: 60 } },
    },
    durableObjects: {
      PERSON: objectsOf('PersonObject', name === 'objects'),
      DIRECTORY: objectsOf('DirectoryObject', name === 'objects'),
      SESSION: objectsOf('SessionObject', name === 'objects'),
    },
    tails: ['tail'],
    serviceBindings: {
      WEATHER: () => Response.json(name === 'far' ? weather : clear),
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  })
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: store,
      workers: [
        workerOf('objects', bundle),
        workerOf('near', [place, ...bundle]),
        workerOf('far', [place, ...bundle]),
        {
          name: 'tail',
          modules: [{ type: 'ESModule', path: join(projectRoot, 'tail.js'), contents: tailScript }],
          modulesRoot: projectRoot,
          compatibilityDate,
          serviceBindings: {
            SINK: async (request) => {
              traces.push(...((await request.json()) as Trace[]))
              return new Response()
            },
          },
        },
      ],
    }),
  )
  /** Once everything has started: on a busy machine that takes longer than a request waits for its store. */
  const placeAt = async (name: string): Promise<Place> => {
    const url = await miniflare.unsafeGetDirectURL(name)
    const admin = callerWith(bundleKeys.admin, url)
    const isReady = async () =>
      (await admin.get('/health')).ok && (await admin.get('/admin/identities')).ok
    while (!(await isReady())) await sleep(100)
    return {
      url: new URL(url),
      admin,
      app: callerWith(bundleKeys.app, url),
      withKey: (key) => callerWith(key, url),
      async openSession(fields) {
        const response = await fetch(new URL('/sessions', url), {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${bundleKeys.app}`,
            'Content-Type': 'application/json',
          },
          body: JSON.stringify(fields),
        })
        return (await response.json()) as OpenedSession
      },
    }
  }
  await miniflare.ready
  const [near, far] = await Promise.all(['near', 'far'].map(placeAt))
  return {
    near: near!,
    far: far!,
    setWeather(changed) {
      weather = { ...weather, ...changed }
    },
    clearWeather() {
      weather = clear
    },
    async freezeKv() {
      const { IDENTITIES, STALE } = await miniflare.getBindings<Namespaces>('objects')
      for (const { name } of (await STALE.list()).keys) await STALE.delete(name)
      for (const { name } of (await IDENTITIES.list()).keys) {
        const { value, metadata } = await IDENTITIES.getWithMetadata(name)
        await STALE.put(name, value ?? '', { metadata })
      }
      weather = { ...weather, isKvStale: true }
    },
    traces,
    stop: () => miniflare.dispose(),
  }
}
