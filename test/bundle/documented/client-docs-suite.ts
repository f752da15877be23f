/** The examples of docs/client.md, type-checked, and run by Node against the real bundle. */
import { spawnSync } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { buildDir } from '../../../scripts/weights/networks.ts'
import { installClient } from '../../support/running/client-package.ts'
import { bundleKeys, enrollSamples, type RealBundle } from '../../support/running/real-bundle.ts'

// Inside the project, for the types of Node; with the package as an app has it.
const folder = join(buildDir, 'client-docs')
const text = await readFile(join(projectRoot, 'docs', 'client.md'), 'utf8')
/** What only a phone has. */
const doubles = join(projectRoot, 'test', 'support', 'phone-doubles')
const examples = [...text.matchAll(/^## (.+)$|^```ts\n([\s\S]+?)^```$/gm)].reduce(
  (found, [, title, code]) => {
    if (title !== undefined) found.title = title
    else found.list.push({ title: found.title, code: code! })
    return found
  },
  { title: '', list: [] as { title: string; code: string }[] },
).list

export function describeClientDocs(bundle: RealBundle): void {
  describe('docs/client.md', () => {
    beforeAll(async () => {
      await enrollSamples(bundle)
      await installClient(folder)
      for (const [i, { code }] of examples.entries()) await writeFile(join(folder, `${i}.ts`), code)
      const scaler = 'expo-image-manipulator'
      await cp(join(doubles, scaler), join(folder, 'node_modules', scaler), { recursive: true })
      await cp(join(doubles, 'phone.ts'), join(folder, 'phone.ts'))
    })

    it('has examples', () => {
      expect(examples.map(({ title }) => title)).toEqual([
        'Verify',
        'A phone',
        'React Native',
        'A challenge',
        'Failures',
        'Time limits, and giving up',
        'Trying again',
        'Who is enrolled',
        'Changing what you have seen',
        'Everybody at once',
      ])
    })

    it('compiles, with the types that the package exports', async () => {
      const config = {
        extends: join(projectRoot, 'tsconfig.json'),
        compilerOptions: { types: ['node'], lib: ['es2024'] },
        include: ['*.ts'],
        exclude: [],
      }
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc')
      const { stdout, status } = spawnSync(tsc, ['--project', folder], { encoding: 'utf8' })
      expect(stdout).toBe('')
      expect(status).toBe(0)
    })

    const run = (file: string, ...args: readonly string[]) =>
      spawnSync(process.execPath, [join(folder, file), ...args], {
        cwd: projectRoot,
        encoding: 'utf8',
        env: {
          ...process.env,
          FACEGATE_URL: `${bundle.url}`,
          APP_KEY: bundleKeys.app,
          ADMIN_KEY: bundleKeys.admin,
        },
      })

    it('React Native: a photo of 12 megapixels travels small, as a file of the phone', async () => {
      const i = examples.findIndex(({ title }) => title === 'React Native')
      const { stdout, stderr } = run('phone.ts', `./${i}.ts`)
      expect(stderr).toBe('')
      expect(stdout.trim().split('\n')).toEqual([
        'scaled to 1280 by 960, quality 0.92',
        'sent image/jpeg',
        'true',
        'scaled to 1280 by 960, quality 0.92',
        'sent image/jpeg',
        'false',
      ])
    })

    const printing = examples.map(({ title, code }, i) => [title, i, code] as const)
    it.each(printing.filter(([title]) => title !== 'React Native'))(
      '%s prints what it says',
      (_, i, code) => {
        const { stdout, stderr } = run(`${i}.ts`)
        const expected = [...code.matchAll(/\/\/ prints: (.+)$/gm)].map(([, line]) => line)
        expect(expected.length).toBeGreaterThan(0)
        expect(stderr).not.toContain('Error')
        expect(stdout.trim().split('\n')).toEqual(expected)
      },
    )
  })
}
