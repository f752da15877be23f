/** The straight line that takes numbers nearest to others, by least squares. Pure. */

export interface Line {
  readonly gain: number
  readonly offset: number
  readonly correlation: number
}

export interface Sample {
  /** 1 where there is something to compare. */
  readonly isSeen: Uint8Array
  readonly value: Float64Array
  /** What the line has to make of the value. */
  readonly wanted: Float64Array
}

/** Of what is seen in less than half of all places nothing can be said. */
export function fitLine({ isSeen, value, wanted }: Sample): Line {
  const none = { gain: 0, offset: 0, correlation: -1 }
  let count = 0
  let from = 0
  let to = 0
  for (let i = 0; i < isSeen.length; i++) {
    count += isSeen[i]!
    from += value[i]!
    to += wanted[i]!
  }
  if (count < isSeen.length / 2) return none
  from /= count
  to /= count
  let ff = 0
  let ft = 0
  let tt = 0
  for (let i = 0; i < isSeen.length; i++) {
    if (isSeen[i] === 0) continue
    const f = value[i]! - from
    const t = wanted[i]! - to
    ff += f * f
    ft += f * t
    tt += t * t
  }
  const correlation = ft / Math.sqrt(ff * tt)
  const gain = ft / ff
  return Number.isFinite(correlation) ? { gain, offset: to - gain * from, correlation } : none
}
