/** What `npm run generate` writes, used as its reader would use it: the Python client and the collection ask the real bundle. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command } from '../../../scripts/generate.ts'
import { probeFile, readPhoto, sampleFile } from '../../support/photos/sample-photos.ts'
import { bundleKeys, enrollSamples, type RealBundle } from '../../support/running/real-bundle.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('The Python client was not tried: there is no python3 here.')

interface Named {
  readonly name: string
}
interface Field {
  readonly key: string
  readonly value: string
  readonly type?: string
  readonly disabled?: boolean
}
interface Collection {
  readonly item: readonly (Named & { readonly item: readonly Item[] })[]
}
interface Item extends Named {
  readonly request: {
    readonly method: string
    readonly url: { readonly raw: string; readonly variable: readonly Field[] }
    readonly auth: { readonly bearer?: readonly Field[] }
    readonly body?: { readonly formdata?: readonly Field[]; readonly raw?: string }
  }
}

export function describeGeneratedClients(bundle: RealBundle): void {
  describe('generated clients', () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'facegate-generated-'))
      await enrollSamples(bundle)
    })
    afterAll(() => rm(folder, { recursive: true }))
    const generate = async (kind: string, name: string) => {
      const file = join(folder, name)
      const context = { typed: '', onStop: () => {} }
      expect(await command.run({ kind, file }, context)).toBe(0)
      return file
    }

    it.skipIf(!hasPython)('in Python verifies, enrolls, changes, exports and imports', async () => {
      await generate('python', 'facegate.py')
      await writeFile(
        join(folder, 'app.py'),
        `import json, sys
from facegate import Facegate, FacegateError, REMOVE
url, app_key, admin_key, probe, eve, fay = sys.argv[1:]
app, admin = Facegate(url, app_key), Facegate(url, admin_key)
print(app.verify(probe, identity="eve")["decision"])
print(app.verify(open(probe, "rb").read(), identity="ada", fmr=0.001)["decision"])
print(app.recognize(probe)["identity"], app.compare(probe, eve)["decision"])
session = app.open_session(identity="eve", purpose="test")
print(Facegate(url, session["token"]).verify(probe)["decision"], app.get_session(session["session"])["status"])
print(admin.enroll("eve.again", [probe, eve], name="Eve", allow_duplicate=True)["encodings"])
seen = admin.update_identity("eve.again", name="Eva")
print(seen["name"], admin.update_identity("eve.again", name=REMOVE).get("name"))
lines = admin.export_people()
print(admin.delete_identity("eve.again"))
print(json.loads(admin.import_people(lines, allow_duplicate=True).splitlines()[-1])["created"])
print(admin.list_identities(prefix="eve", limit=10)["identities"][1]["identity"])
admin.delete_identity("eve.again")
for ask in (lambda: app.verify(probe, identity="nobody"), lambda: app.list_identities(), lambda: app.verify(b"no photo", identity="eve")):
    try:
        ask()
    except FacegateError as error:
        print(error.code, error.status, error.retryable, bool(error.hint), bool(error.request_id))
try:
    Facegate("http://127.0.0.1:1").health()
except FacegateError as error:
    print(error.code, error.retryable)
try:
    Facegate("http://example.com")
except ValueError as error:
    print(error)
`,
      )
      const { stdout, stderr } = spawnSync(
        'python3',
        [
          ...['app.py', `${bundle.url}`, bundleKeys.app, bundleKeys.admin],
          ...[probeFile, sampleFile('eve'), sampleFile('fay')],
        ],
        { cwd: folder, encoding: 'utf8' },
      )
      expect(stderr).toBe('')
      expect(stdout.trim().split('\n')).toEqual([
        'match',
        'no_match',
        'eve match',
        'match matched',
        '2',
        'Eva None',
        'None',
        '1',
        'eve.again',
        'identity_not_found 404 False True True',
        'forbidden 403 False True True',
        expect.stringMatching(/^image_\w+ 4\d\d False True True$/),
        'network_failed True',
        'url: expected https; http sends key and photos in the clear (allow_http)',
      ])
    })

    it('as a collection has every operation once, and its requests are answered', async () => {
      const file = await generate('postman', 'facegate.postman_collection.json')
      const { item: groups } = JSON.parse(await readFile(file, 'utf8')) as Collection
      const requests = new Map(groups.flatMap(({ item }) => item).map((each) => [each.name, each]))
      const { paths } = await (await fetch(new URL('/openapi.json', bundle.url))).json<{
        paths: Record<string, Record<string, { operationId: string }>>
      }>()
      const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
      expect([...requests.keys()].sort()).toEqual(operations.map((each) => each.operationId).sort())

      const send = async (name: string, filled: Readonly<Record<string, string>>) => {
        const { method, url, auth, body } = requests.get(name)!.request
        const variables = { url: `${bundle.url}`.replace(/\/$/, ''), ...filled }
        const fill = (text: string) =>
          Object.entries(variables).reduce(
            (all, [key, value]) => all.replace(`{{${key}}}`, value).replace(`:${key}`, value),
            text,
          )
        const keys = { '{{APP_KEY}}': bundleKeys.app, '{{ADMIN_KEY}}': bundleKeys.admin }
        const key = keys[auth.bearer?.[0]?.value as keyof typeof keys]
        const form = new FormData()
        for (const field of body?.formdata ?? []) {
          if (field.disabled) continue
          if (field.type === 'file') form.append(field.key, new Blob([await readPhoto(probeFile)]))
          else form.append(field.key, filled[field.key] ?? field.value)
        }
        const response = await fetch(fill(url.raw), {
          method,
          ...(key && { headers: { Authorization: `Bearer ${key}` } }),
          ...(body?.formdata && { body: form }),
        })
        return [response.status, await response.json<object>()] as const
      }
      expect(await send('health', {})).toMatchObject([200, { ok: true }])
      expect(await send('verify', { identity: 'eve' })).toMatchObject([200, { decision: 'match' }])
      expect(await send('recognize', {})).toMatchObject([200, { identity: 'eve' }])
      expect(await send('getIdentity', { id: 'eve' })).toMatchObject([200, { identity: 'eve' }])
      expect(await send('publicKeys', {})).toMatchObject([200, {}])
    })
  })
}
