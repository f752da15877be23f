/**
 * Parts of the documentation that derive from the code: each is text between two marks in a page, by the name that the marks
 * give, so that a table of endpoints, limits or settings cannot say what is no longer so.
 */
import { describeBench, describeSpeed } from './describe-bench.ts'
import { describeEncodings } from './describe-encodings.ts'
import { describeEndpoints } from './describe-endpoints.ts'
import { describeLimits } from './describe-limits.ts'
import { describeMissed } from './describe-missed.ts'
import { describeRoomPicture, describeRooms } from './describe-rooms.ts'
import { describeSessionErrors, describeSessionReasons } from './describe-session-codes.ts'
import { describeSettings } from './describe-settings.ts'
import { describeThresholds } from './describe-thresholds.ts'
import { describeVerifyAnswer } from './describe-verify-answer.ts'
import { describeDoubtKinds, describeDoubts } from './measured/describe-doubts.ts'
import { describeEncoderDetails, describeEncoders } from './measured/describe-encoders.ts'

const blocks: Readonly<Record<string, () => string>> = {
  bench: () => describeBench(),
  doubts: describeDoubts,
  'doubt-kinds': describeDoubtKinds,
  encodings: describeEncodings,
  encoders: describeEncoders,
  'encoder-details': describeEncoderDetails,
  endpoints: describeEndpoints,
  limits: describeLimits,
  missed: describeMissed,
  rooms: describeRooms,
  'room-picture': describeRoomPicture,
  'session-errors': describeSessionErrors,
  'session-reasons': describeSessionReasons,
  settings: describeSettings,
  speed: () => describeSpeed(),
  thresholds: describeThresholds,
  'verify-answer': describeVerifyAnswer,
}

const marked = /(<!-- generated: ([a-z-]+) -->\n)[\s\S]*?(<!-- end -->)/g

/** The page with each block as it should be. Throws an Error when it names a block that there is none of. */
export function fillBlocks(page: string): string {
  return page.replaceAll(marked, (_, start: string, name: string, end: string) => {
    const describe = blocks[name]
    if (describe === undefined) throw new Error(`there is no block "${name}"`)
    return `${start}${describe()}\n${end}`
  })
}

/** Names of the blocks in a page. */
export function blocksIn(page: string): string[] {
  return [...page.matchAll(marked)].map(([, , name]) => name!)
}
