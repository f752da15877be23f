/** Training and the Worker's network share tensors, so they must share tfjs too: a second copy would know none of the first one's backends. */
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'
import * as core from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import lock from '../../package-lock.json' with { type: 'json' }

describe('tfjs', () => {
  it('is installed once, and is the same by both names', () => {
    const installed = Object.keys(lock.packages).filter((path) => path.endsWith('/tfjs-core'))
    expect(installed).toEqual(['node_modules/@tensorflow/tfjs-core'])
    expect(tf.engine()).toBe(core.engine())
    const fromWasm = createRequire(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))
    expect(fromWasm.resolve('@tensorflow/tfjs-core')).toBe(
      createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'),
    )
  })
})
