import { expect, it } from 'vitest'
import { describeSize } from '../../../scripts/encoder/describe-size.ts'

it('a network of more than 24 MiB is said to be large, and what a Worker has', () => {
  expect(describeSize('r18', 48_090_000)).toBe(
    'r18 is large: 48 MB. It runs on this machine; Cloudflare takes a bundle of 64 MiB, and gives a Worker 128 MB of memory for it and everything else, so try it deployed before you enroll anybody',
  )
  expect(describeSize('small', 24 * 1024 * 1024)).toBeNull()
})
