import { describe, expect, it } from 'vitest'
import { requirePublished } from '../../../scripts/encoder/choose-encoder.ts'
import { CommandFault } from '../../../scripts/front/fault.ts'
import { encoders } from '../../../src/engine/encoders.ts'

const encoderCalled = (name: string) => encoders.find((encoder) => encoder.name === name)!

describe('npm run encoder -- NAME --from DIR', () => {
  it.each(['reid-0095', 'fused'])('takes the files of %s from there', (name) => {
    expect(() => requirePublished(encoderCalled(name))).not.toThrow()
  })

  it.each(['dlib-resnet', 'nn4.small2'])('is refused for %s, which has none', (name) => {
    expect(() => requirePublished(encoderCalled(name))).toThrow(
      new CommandFault(
        `--from is for reid-0095 and fused, whose files are fetched; ${name} has none`,
        2,
      ),
    )
  })
})
