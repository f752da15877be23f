/** With what npm 11 was seen to pass on and to set. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { command as train } from '../../../lab/train.ts'
import { command as enroll } from '../../../scripts/enroll.ts'
import { keptByNpm } from '../../../scripts/front/kept-by-npm.ts'
import { readInputs } from '../../../scripts/front/read-inputs.ts'
import { command as start } from '../../../scripts/start.ts'

afterEach(() => vi.unstubAllEnvs())

describe('an option that npm kept for itself', () => {
  it('is found by the setting that npm makes of it, and told with what npm passed on', () => {
    expect(keptByNpm(enroll, { npm_config_allow_duplicate: 'true' }, ['images'])).toEqual({
      names: ['--allow-duplicate'],
      line: 'images --allow-duplicate',
    })
  })

  it('is told with its value, which npm passed on as an argument or kept, too', () => {
    const line = '--port 9000'
    const names = ['--port']
    expect(keptByNpm(start, { npm_config_port: 'true' }, ['9000'])).toEqual({ names, line })
    expect(keptByNpm(start, { npm_config_port: '9000' }, [])).toEqual({ names, line })
    const kept = keptByNpm(enroll, { npm_config_uncalibrated: 'true' }, ['images', '0.5'])
    expect(kept?.line).toBe('images --uncalibrated 0.5')
    const address = 'http://127.0.0.1:9000'
    const asked = keptByNpm(enroll, { npm_config_url: 'true' }, ['images', address])
    expect(asked?.line).toBe(`images --url ${address}`)
  })

  it('is told with the name of its value where that is not there, or any of several', () => {
    expect(keptByNpm(start, { npm_config_port: 'true' }, [])?.line).toBe('--port NUMBER')
    expect(keptByNpm(start, { npm_config_port: 'true' }, ['80', '90'])?.line).toBe(
      '80 90 --port NUMBER',
    )
  })

  it('is each of several', () => {
    const env = {
      npm_config_port: 'true',
      npm_config_host: 'true',
      npm_config_uncalibrated: 'true',
    }
    expect(keptByNpm(start, env, ['0.5', '9000'])).toEqual({
      names: ['--port', '--host', '--uncalibrated'],
      line: '--port 9000 --host --uncalibrated 0.5',
    })
  })

  it('is one that turns something off', () => {
    expect(keptByNpm(train, { npm_config_augment: '' }, [])?.names).toEqual(['--no-augment'])
  })

  it('is none of what npm sets by itself, nor of what it may have from an .npmrc', () => {
    const env = { npm_config_user_agent: 'npm', npm_config_key: 'k' }
    expect(keptByNpm(enroll, env, ['images'])).toBeUndefined()
    expect(keptByNpm(enroll, {}, ['images'])).toBeUndefined()
  })

  it('ends the command in one line that says how to write it', () => {
    vi.stubEnv('npm_config_allow_duplicate', 'true')
    expect(() => readInputs(enroll, ['images'])).toThrow(
      'npm kept --allow-duplicate for itself, expected "npm run enroll -- images --allow-duplicate"',
    )
  })
})
