import { afterEach, describe, expect, it, vi } from 'vitest'
import { command as enroll } from '../../../scripts/enroll.ts'
import { keptByNpm } from '../../../scripts/front/kept-by-npm.ts'
import { readInputs } from '../../../scripts/front/read-inputs.ts'

afterEach(() => vi.unstubAllEnvs())

describe('an option that npm kept for itself', () => {
  it('is found by the setting that npm makes of it', () => {
    expect(keptByNpm(enroll, { npm_config_local: 'true' })).toBe('--local')
    expect(keptByNpm(enroll, { npm_config_allow_duplicate: 'true' })).toBe('--allow-duplicate')
  })

  it('is none of what npm sets by itself, nor of what it may have from an .npmrc', () => {
    expect(keptByNpm(enroll, { npm_config_user_agent: 'npm', npm_config_key: 'k' })).toBeUndefined()
    expect(keptByNpm(enroll, {})).toBeUndefined()
  })

  it('ends the command in one line that says how to write it', () => {
    vi.stubEnv('npm_config_allow_duplicate', 'true')
    expect(() => readInputs(enroll, ['images'])).toThrow(
      'npm kept --allow-duplicate for itself, expected it behind "--": "npm run enroll -- --allow-duplicate"',
    )
  })
})
