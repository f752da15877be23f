/**
 * What can be said about the packages without asking anybody: every one comes from the registry under a SHA-512 hash that
 * installing checks, the direct ones are pinned to one version and have a row in docs/dependencies.md that says why they
 * are there, and package.json says of each that has a script whether it may run when it is installed.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../front/project-root.ts'

const specs = z.record(z.string(), z.string()).default({})

const manifestSchema = z.object({
  dependencies: specs,
  devDependencies: specs,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
})

const entrySchema = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  dependencies: specs,
  devDependencies: specs,
  optionalDependencies: specs,
})
type LockEntry = z.output<typeof entrySchema>

const lockSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), entrySchema),
})

export interface LockFiles {
  /** package.json, parsed. */
  readonly manifest: unknown
  /** package-lock.json, parsed. */
  readonly lock: unknown
  /** docs/dependencies.md. */
  readonly reasons: string
}

const exactVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/
/** 64 bytes in base64. */
const sha512 = /^sha512-[A-Za-z0-9+/]{86}==$/
const registry = 'https://registry.npmjs.org/'
/** The row of a package: its name, version, licence and, not empty, why it is there. */
const reasonRow = /^\| `(\S+)` +\| (\S+) +\| [^|]*\w[^|]*\| [^|]*\w[^|]*\|/gm

/** Every fault as a line of text that names the package; empty when all is well. Throws when a file has another form. */
export function findLockFaults(files: LockFiles): string[] {
  const manifest = manifestSchema.parse(files.manifest)
  const { packages } = lockSchema.parse(files.lock)
  const { '': root, ...installed } = packages
  const direct = { ...manifest.dependencies, ...manifest.devDependencies }
  const locked = { ...root?.dependencies, ...root?.devDependencies }
  return [
    ...findPinFaults(direct, locked, installed),
    ...findReasonFaults(direct, files.reasons),
    ...Object.entries(installed).flatMap(([path, entry]) => findEntryFaults(path, entry)),
    ...findScriptFaults(installed, manifest.allowScripts),
  ]
}

function findPinFaults(
  direct: Readonly<Record<string, string>>,
  locked: Readonly<Record<string, string>>,
  installed: Readonly<Record<string, LockEntry>>,
): string[] {
  const faults: string[] = []
  for (const [name, version] of Object.entries(direct)) {
    if (!exactVersion.test(version)) {
      faults.push(`${name}: package.json asks for "${version}", expected one exact version`)
    } else if (installed[`node_modules/${name}`]?.version !== version) {
      faults.push(`${name}: package-lock.json does not hold ${version}; run npm install`)
    }
  }
  const known = new Set([...Object.keys(direct), ...Object.keys(locked)])
  for (const name of known) {
    if (direct[name] === locked[name]) continue
    faults.push(`${name}: package.json and package-lock.json disagree; run npm install`)
  }
  return faults
}

function findReasonFaults(direct: Readonly<Record<string, string>>, reasons: string): string[] {
  const rows = new Map([...reasons.matchAll(reasonRow)].map(([, name, version]) => [name, version]))
  const lacking = Object.entries(direct)
    .filter(([name, version]) => rows.get(name) !== version)
    .map(([name, version]) => `${name}: docs/dependencies.md has no row for ${version} with a why`)
  const left = [...rows.keys()]
    .filter((name) => direct[name!] === undefined)
    .map((name) => `${name}: docs/dependencies.md has a row, package.json has no such package`)
  return [...lacking, ...left]
}

function findEntryFaults(path: string, entry: LockEntry): string[] {
  const faults: string[] = []
  if (entry.link || !path.startsWith('node_modules/')) faults.push('a folder of this machine')
  if (!exactVersion.test(entry.version ?? '')) faults.push(`its version is "${entry.version}"`)
  if (!sha512.test(entry.integrity ?? '')) faults.push('no SHA-512 integrity hash')
  if (entry.resolved !== undefined && !entry.resolved.startsWith(registry)) {
    faults.push(`comes from ${entry.resolved}, expected ${registry}`)
  }
  for (const [name, spec] of Object.entries({
    ...entry.dependencies,
    ...entry.optionalDependencies,
  })) {
    // An alias names another package of the registry; everything else with a colon or slash is no version.
    if (/[:/]/.test(spec.replace(/^npm:@?[\w./-]+@?/, ''))) {
      faults.push(`wants ${name} from ${spec}, expected a version`)
    }
  }
  return faults.map((fault) => `${path}: ${fault}`)
}

function findScriptFaults(
  installed: Readonly<Record<string, LockEntry>>,
  allowed: Readonly<Record<string, boolean>>,
): string[] {
  return Object.entries(installed)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => allowed[name] === undefined)
    .map((name) => `${name}: runs a script when installed; allowScripts of package.json lacks it`)
}

async function readLockFiles(): Promise<LockFiles> {
  const read = (...path: string[]) => readFile(join(projectRoot, ...path), 'utf8')
  return {
    manifest: JSON.parse(await read('package.json')),
    lock: JSON.parse(await read('package-lock.json')),
    reasons: await read('docs', 'dependencies.md'),
  }
}

/** Prints the faults, or how many packages are in order; returns whether all are. */
export async function checkLock(): Promise<boolean> {
  const files = await readLockFiles()
  const faults = findLockFaults(files)
  for (const fault of faults) console.error(fault)
  const count = Object.keys(lockSchema.parse(files.lock).packages).length - 1
  console.log(faults.length === 0 ? `${count} packages, all in order` : `${faults.length} faults`)
  return faults.length === 0
}
