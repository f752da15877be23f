import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { findLockFaults } from '../../scripts/setup/check-lock.ts'

const integrity = `sha512-${'A'.repeat(86)}==`

/** A project with one package that needs another. */
function project() {
  return {
    manifest: {
      dependencies: { hono: '4.13.19' } as Record<string, string>,
      devDependencies: {} as Record<string, string>,
      allowScripts: {} as Record<string, boolean>,
    },
    lock: {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { hono: '4.13.19' } as Record<string, string> },
        'node_modules/hono': {
          version: '4.13.19',
          integrity,
          dependencies: { '@scope/small': '^1.0.0', renamed: 'npm:@other/name@2.0.0' },
        },
        'node_modules/@scope/small': { version: '1.2.3-beta.1', integrity },
      } as Record<string, Record<string, unknown>>,
    },
    reasons: '| `hono` | 4.13.19 | MIT | routes | a router |\n',
  }
}

function faultsAfter(change: (files: ReturnType<typeof project>) => void): string[] {
  const files = project()
  change(files)
  return findLockFaults(files)
}

const small = 'node_modules/@scope/small'

describe('findLockFaults', () => {
  it('finds none in a project that is in order', () => {
    expect(findLockFaults(project())).toEqual([])
  })

  it('finds none in this one', async () => {
    const read = (...path: string[]) => readFile(join(projectRoot, ...path), 'utf8')
    const faults = findLockFaults({
      manifest: JSON.parse(await read('package.json')),
      lock: JSON.parse(await read('package-lock.json')),
      reasons: await read('docs', 'dependencies.md'),
    })
    expect(faults).toEqual([])
  })

  it.each([undefined, '', 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=', integrity.slice(0, -3)])(
    'names a package whose integrity is %j',
    (value) => {
      const faults = faultsAfter(({ lock }) => {
        lock.packages[small].integrity = value
      })
      expect(faults).toEqual([`${small}: no SHA-512 integrity hash`])
    },
  )

  it.each([
    'git+ssh://git@example.com/small.git#0123abc',
    'http://registry.npmjs.org/small/-/small-1.2.3.tgz',
    'https://example.com/small-1.2.3.tgz',
    'file:../small-1.2.3.tgz',
  ])('names a package that comes from %s', (resolved) => {
    const faults = faultsAfter(({ lock }) => {
      lock.packages[small].resolved = resolved
    })
    expect(faults).toEqual([
      `${small}: comes from ${resolved}, expected https://registry.npmjs.org/`,
    ])
  })

  it('takes a package whose address is on the registry', () => {
    const faults = faultsAfter(({ lock }) => {
      lock.packages[small].resolved = 'https://registry.npmjs.org/@scope/small/-/small-1.2.3.tgz'
    })
    expect(faults).toEqual([])
  })

  it.each([
    'github:owner/small',
    'git+https://example.com/small.git',
    'file:../small',
    'owner/small',
  ])('names a package that wants another from %s', (spec) => {
    const faults = faultsAfter(({ lock }) => {
      lock.packages['node_modules/hono'].dependencies = { '@scope/small': spec }
    })
    expect(faults).toEqual([
      `node_modules/hono: wants @scope/small from ${spec}, expected a version`,
    ])
  })

  it('names a linked folder', () => {
    const faults = faultsAfter(({ lock }) => {
      lock.packages['../small'] = { version: '1.2.3', integrity }
    })
    expect(faults).toEqual(['../small: a folder of this machine'])
  })

  it.each(['^4.13.19', '4.x', 'latest', 'file:../hono'])(
    'names a direct package asked for as %s',
    (version) => {
      const faults = faultsAfter(({ manifest, lock }) => {
        manifest.dependencies.hono = version
        lock.packages[''].dependencies = { hono: version }
      })
      expect(faults).toContain(
        `hono: package.json asks for "${version}", expected one exact version`,
      )
    },
  )

  it('names a direct package that the lock file does not hold', () => {
    const faults = faultsAfter(({ manifest }) => {
      manifest.devDependencies.vitest = '5.1.1'
    })
    expect(faults).toContain('vitest: package-lock.json does not hold 5.1.1; run npm install')
    expect(faults).toContain('vitest: docs/dependencies.md has no row for 5.1.1 with a why')
  })

  it.each([
    '',
    '| `hono` | 4.13.18 | MIT | routes | a router |',
    '| `hono` | 4.13.19 | MIT |  | a router |',
  ])('names a direct package whose row is %j', (reasons) => {
    const faults = faultsAfter((files) => {
      files.reasons = reasons
    })
    expect(faults).toEqual(['hono: docs/dependencies.md has no row for 4.13.19 with a why'])
  })

  it('names a row whose package is gone', () => {
    const faults = faultsAfter((files) => {
      files.reasons += '| `left-pad` | 1.3.0 | WTFPL | pads | a loop |\n'
    })
    expect(faults).toEqual([
      'left-pad: docs/dependencies.md has a row, package.json has no such package',
    ])
  })

  it('names a package that runs a script unasked', () => {
    const installs = ({ lock }: ReturnType<typeof project>) => {
      lock.packages[small].hasInstallScript = true
    }
    expect(faultsAfter(installs)).toEqual([
      '@scope/small: runs a script when installed; allowScripts of package.json lacks it',
    ])
    const allowed = faultsAfter((files) => {
      installs(files)
      files.manifest.allowScripts['@scope/small'] = true
    })
    expect(allowed).toEqual([])
  })

  it('throws when the lock file is of another format', () => {
    expect(() => faultsAfter(({ lock }) => Object.assign(lock, { lockfileVersion: 2 }))).toThrow()
  })
})
