/** What follows for people and decisions when another model runs than before, a line each. Pure. */

/**
 * @param before the model that ran; null where none did
 * @param calibrated whether thresholds were measured for the one that runs now
 */
export function describeChange(before: string | null, now: string, calibrated: boolean): string[] {
  return [
    ...(calibrated ? [] : [uncalibrated]),
    ...(before === null || before === now ? [] : [othersEnrolled(before)]),
  ]
}

const uncalibrated =
  'Nobody calibrated it: the Worker answers not_configured until "npm run calibrate -- <folder of people>" has measured its thresholds\n' +
  '("npm start -- --uncalibrated DISTANCE" decides by a distance of yours).'

function othersEnrolled(before: string): string {
  return (
    `Encodings of ${before} are never compared with others. Of people who have no other the Worker answers model_mismatch, until\n` +
    '"npm run reenroll -- images" has encoded them anew (docs/people.md has the way without a pause).'
  )
}
