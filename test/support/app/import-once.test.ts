import { describe, expect, it } from 'vitest'
import { importMainOnce, type ModuleRunner } from './import-once.ts'

class Runner implements ModuleRunner {
  readonly looked: string[] = []

  async import(id: string): Promise<unknown> {
    this.looked.push(id)
    return { id, at: this.looked.length }
  }
}

const main = '/project/src/index.ts'

describe('importMainOnce', () => {
  it('looks the main module up once, and gives what it found', async () => {
    const runner = new Runner()
    importMainOnce(runner)
    const first = await runner.import(main)
    expect(first).toEqual({ id: main, at: 1 })
    expect(await runner.import(main)).toBe(first)
    expect(runner.looked).toEqual([main])
  })

  it('looks all others up each time', async () => {
    const runner = new Runner()
    importMainOnce(runner)
    const other = '/project/test/app.worker.test.ts'
    expect(await runner.import(other)).not.toBe(await runner.import(other))
    expect(runner.looked).toEqual([other, other])
  })

  it('begins anew for the next file', async () => {
    const runner = new Runner()
    importMainOnce(runner)
    const first = await runner.import(main)
    importMainOnce(runner)
    expect(await runner.import(main)).not.toBe(first)
    expect(runner.looked).toEqual([main, main])
  })
})
