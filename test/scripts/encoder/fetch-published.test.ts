import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchPublished } from '../../../scripts/encoder/fetch-published.ts'
import { publishedNetworks } from '../../../scripts/encoder/published-networks.ts'
import { shardsDir, weightsDir } from '../../../scripts/weights/networks.ts'
import { listWeights } from '../../../scripts/weights/weights-folder.ts'
import { runScript } from '../../support/running/run-script.ts'

const [reid] = publishedNetworks
const [xml, bin] = reid!.files
const made = {
  ...reid!,
  files: [
    // Of "one" and "two".
    {
      name: 'a.xml',
      sha256: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
    },
    {
      name: 'a.bin',
      sha256: '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3',
    },
  ],
}

let folder: string
let server: Server
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-published-'))
  await writeFile(join(folder, 'a.xml'), 'one')
  await writeFile(join(folder, 'a.bin'), 'two')
  server = createServer((request, response) => {
    const text = new Map([
      ['/files/a.xml', 'one'],
      ['/files/a.bin', 'two'],
    ]).get(request.url!)
    response.writeHead(text === undefined ? 404 : 200).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

describe('the files of a published network', () => {
  it('come from a folder or an address, in their order', async () => {
    for (const from of [folder, `${url}/files`, `${url}/files/`]) {
      const files = await fetchPublished(made, from)
      expect(files.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['one', 'two'])
    }
  })

  it('are refused as another version where a hash is another', async () => {
    const files = [made.files[0]!, { ...made.files[1]!, sha256: '00' }]
    await expect(fetchPublished({ ...made, files }, folder)).rejects.toMatchObject({
      name: 'CommandFault',
      message: `a.bin is another version of the file: its SHA-256 is ${made.files[1]!.sha256}, expected 00; nothing was changed`,
    })
  })

  it('are missed by name, from a folder and from an address', async () => {
    await expect(fetchPublished(made, join(folder, 'x'))).rejects.toThrow(
      `${join(folder, 'x', 'a.xml')}: there is no such file; nothing was changed`,
    )
    await expect(fetchPublished(made, url)).rejects.toThrow(
      `${url}/a.xml answers 404; nothing was changed. "npm run encoder -- reid-0095 --from DIR" takes the files from a folder`,
    )
  })
})

describe('npm run encoder', () => {
  /** Everything that a fault must leave as it is. */
  const state = async () => ({
    encoder: await readFile(join(shardsDir, 'encoder.json'), 'utf8'),
    bundle: await readFile(join(shardsDir, 'bundle.ts'), 'utf8'),
    reid: await listWeights(join(weightsDir, 'reid-0095')).catch(() => null),
  })

  it('lists every encoder with its licence, and which one runs', async () => {
    const { status, stdout } = await runScript('encoder')
    expect(status).toBe(0)
    for (const name of ['dlib-resnet', 'reid-0095', 'fused', 'nn4.small2']) {
      expect(stdout).toMatch(new RegExp(`^\\| ${name}( \\(runs\\))? +\\| 128 `, 'm'))
    }
    expect(stdout).toMatch(/^\| reid-0095 .*\| Apache-2\.0 +\|$/m)
    expect(stdout.match(/\(runs\)/g)).toHaveLength(1)
  })

  it.each([
    [
      'an address that cannot be reached',
      ['fused', '--from', 'http://127.0.0.1:9/'],
      1,
      new RegExp(
        `^http://127\\.0\\.0\\.1:9/${xml!.name} cannot be reached .*; nothing was changed\\. "npm run encoder -- fused --from DIR"`,
      ),
    ],
    [
      'a folder without the files',
      ['fused', '--from', 'no-such-folder'],
      1,
      new RegExp(`${xml!.name}: there is no such file; nothing was changed$`),
    ],
    ['a name that nobody knows', ['arcnet'], 2, /^there is no encoder "arcnet"; known are dlib-/],
    [
      'a file without its chip',
      ['my-net', '--onnx', 'package.json'],
      2,
      /^--chip: expected one of dlib-SIZE, openface-SIZE, arcface-SIZE, reid-SIZE, such as arcface-112/,
    ],
    [
      'a file that is no network',
      ['my-net', '--onnx', 'package.json', '--chip', 'arcface-112'],
      1,
      /^package\.json: not an ONNX file, or a damaged one; nothing was changed$/,
    ],
    [
      'the name of a network that there is',
      ['face-landmark-68', '--onnx', 'package.json', '--chip', 'arcface-112'],
      2,
      /^"face-landmark-68" is a network of the project; expected another name/,
    ],
  ])('says in one line what is wrong with %s, and changes nothing', async (_, args, code, line) => {
    const before = await state()
    const { status, stdout, stderr } = await runScript('encoder', ...args)
    expect({ status, stdout }).toEqual({ status: code, stdout: '' })
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr.trim()).toMatch(line)
    expect(await state()).toEqual(before)
  })

  it('refuses files of another version before anything else', async () => {
    const before = await state()
    await writeFile(join(folder, xml!.name), '<net/>')
    await writeFile(join(folder, bin!.name), 'x')
    const { status, stderr } = await runScript('encoder', 'reid-0095', '--from', folder)
    expect(status).toBe(1)
    expect(stderr).toMatch(/is another version of the file: its SHA-256 is [0-9a-f]{64}, expected/)
    expect(await state()).toEqual(before)
  })
})
