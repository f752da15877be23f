/**
 * The liveness network, which is no part of the project unless somebody asks for it: takes `fr_liveness.onnx` out of the npm
 * package that it is published in (41 MB; nothing else of it is kept, and nothing of it runs), or a file; writes it to
 * weights/mini-fasnet-se and bundles it with the Worker from then on. What is known of it stands in docs/liveness.md.
 */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CommandFault } from '../front/fault.ts'
import { runTool } from '../front/run-tool.ts'
import { toCsv } from './csv.ts'
import { readOnnx } from './graphs/onnx-file.ts'
import { tensorsOfOnnx } from './import-onnx.ts'
import { buildDir, livenessTable, weightsDir } from './networks.ts'
import { keepChoices, readChoices } from './pack-choices.ts'
import { packWeights } from './pack-weights.ts'
import { packedEncoder } from './packed-encoder.ts'

const source = {
  package: 'faceplugin-face-recognition-js@0.0.1',
  /** Of the tarball, as the registry states it. */
  integrity:
    'sha512-shriXjd4zJHEwhK1jHK+bWo8Vv6Vu9B/w6RRsd4AFtNM/jaI2vhuOamOSMl9qQmLd8WlQ7dgqN+3C2iOi5pXWw==',
  file: 'package/model/fr_liveness.onnx',
  sha256: 'afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d',
}

/** The file that was imported last, kept for the test that runs it as it is beside what became of it. */
export const keptOnnxFile = join(buildDir, 'imported', 'mini-fasnet-se.onnx')

/** The network as it was published. Rejects when the package is not the one that was looked at. */
async function fetchOnnx(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'facegate-liveness-'))
  try {
    console.log(`fetching ${source.package} (41 MB) ...`)
    const npm = process.env.npm_execpath
    const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
    await runTool(
      command,
      [
        ...args,
        'pack',
        source.package,
        '--ignore-scripts',
        '--silent',
        '--pack-destination',
        folder,
      ],
      { fault: 'npm pack failed' },
    )
    const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
    if (!tarball) throw new CommandFault(`npm packed no ${source.package}`)
    const digest = createHash('sha512')
      .update(await readFile(join(folder, tarball)))
      .digest('base64')
    if (`sha512-${digest}` !== source.integrity) {
      throw new CommandFault(`${source.package} is sha512-${digest}, expected ${source.integrity}`)
    }
    const unpack = ['-xzf', join(folder, tarball), '-C', folder, source.file]
    await runTool('tar', unpack, { fault: 'tar failed' })
    return new Uint8Array(await readFile(join(folder, source.file)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes weights/mini-fasnet-se/*.csv in place of what is there. Returns how many files. */
export async function importLiveness(onnx: Uint8Array): Promise<number> {
  const tensors = tensorsOfOnnx(livenessTable, readOnnx(onnx))
  const folder = join(weightsDir, livenessTable.name)
  await mkdir(folder, { recursive: true })
  for (const [name, values] of tensors) await writeFile(join(folder, `${name}.csv`), toCsv(values))
  return tensors.size
}

export async function addLiveness(file: string | undefined): Promise<void> {
  const onnx = file === undefined ? await fetchOnnx() : new Uint8Array(await readFile(file))
  const digest = createHash('sha256').update(onnx).digest('hex')
  if (file === undefined && digest !== source.sha256) {
    throw new CommandFault(`${source.file} is ${digest}, expected ${source.sha256}`)
  }
  if (digest !== source.sha256) {
    console.log(`${file} is not the file that docs/liveness.md measured; its figures do not hold.`)
  }
  const files = await importLiveness(onnx)
  await mkdir(dirname(keptOnnxFile), { recursive: true })
  await writeFile(keptOnnxFile, onnx)
  console.log(`imported ${livenessTable.name}: ${files} CSV files`)
  const selection = await readChoices(await packedEncoder(), true)
  await packWeights(selection)
  await keepChoices(selection)
  console.log(
    `${livenessTable.name} is bundled from now on; LIVENESS=advise or require makes use of it.\n` +
      'It is advisory: docs/liveness.md says what is known of it, and what is not.',
  )
}

export async function removeLiveness(): Promise<void> {
  await packWeights(await readChoices(await packedEncoder(), false))
  console.log(`${livenessTable.name} is not bundled any more`)
}
