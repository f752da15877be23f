/**
 * AssemblyScript: a convolution's filter as it is packed -> whole numbers, what they add up to, and panels, once when a network
 * is loaded. In JavaScript these loops over millions of weights are what a fresh isolate spends most of its start on.
 * Filters are [places, out], the output channel fastest.
 */

/** One byte a weight -> int16, by the table `levels`. */
export function lookUp(codes: usize, count: i32, levels: usize, output: usize): void {
  const end = codes + <usize>count
  for (; codes < end; codes++, output += 2) {
    store<i16>(output, load<i16>(levels + (<usize>load<u8>(codes) << 1)))
  }
}

/** [out] float32: the largest absolute value of each channel; [out] float64: the sum of absolute values. Both begin as zeros. */
export function measureFilter(filter: usize, count: i32, out: i32, most: usize, sums: usize): void {
  const end = filter + (<usize>count << 2)
  while (filter < end) {
    for (let c: usize = 0; c < <usize>out; c++, filter += 4) {
      const size = abs(load<f32>(filter))
      if (size > load<f32>(most + (c << 2))) store<f32>(most + (c << 2), size)
      store<f64>(sums + (c << 3), load<f64>(sums + (c << 3)) + <f64>size)
    }
  }
}

/** Each weight in steps of its channel, halves rounded up; 0 where a channel has no step. */
export function roundWeights(filter: usize, count: i32, out: i32, steps: usize, output: usize): void {
  const end = filter + (<usize>count << 2)
  while (filter < end) {
    for (let c: usize = 0; c < <usize>out; c++, filter += 4, output += 2) {
      const step = load<f32>(steps + (c << 2))
      const weight = step > 0 ? floor(<f64>load<f32>(filter) / <f64>step + 0.5) : 0
      store<i16>(output, <i16>(<i32>weight))
    }
  }
}

/** The largest size of `count` int16, a multiple of 8. */
export function largestWeight(weights: usize, count: i32): i32 {
  let most = i16x8.splat(0)
  for (const end = weights + (<usize>count << 1); weights < end; weights += 16) {
    most = i16x8.max_u(most, i16x8.abs(v128.load(weights)))
  }
  most = i32x4.max_u(i32x4.extend_low_i16x8_u(most), i32x4.extend_high_i16x8_u(most))
  const even = max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 2))
  return max(even, max(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3)))
}

/** `count` int16, a multiple of 8, in units 2 to the power of `halvings` as large, one at least; halves rounded up. */
export function halveWeights(weights: usize, count: i32, halvings: i32): void {
  const one = i16x8.splat(1)
  for (const end = weights + (<usize>count << 1); weights < end; weights += 16) {
    // The last halving rounds, so that nothing leaves 16 bits.
    const twice = i16x8.shr_s(v128.load(weights), halvings - 1)
    v128.store(weights, i16x8.shr_s(i16x8.add_sat_s(twice, one), 1))
  }
}

/** [out] int32 each: the sum of what is positive, and of all. Both begin as zeros. */
export function sumWeights(weights: usize, count: i32, out: i32, positive: usize, total: usize): void {
  const end = weights + (<usize>count << 1)
  const whole = <usize>(out & ~7) << 2
  const channels = <usize>out << 2
  const zero = i16x8.splat(0)
  while (weights < end) {
    for (let c: usize = 0; c < whole; c += 32, weights += 16) {
      const x = v128.load(weights)
      const up = i16x8.max_s(x, zero)
      addTo(total + c, i32x4.extend_low_i16x8_s(x), i32x4.extend_high_i16x8_s(x))
      addTo(positive + c, i32x4.extend_low_i16x8_s(up), i32x4.extend_high_i16x8_s(up))
    }
    for (let c = whole; c < channels; c += 4, weights += 2) {
      const x = <i32>load<i16>(weights)
      store<i32>(total + c, load<i32>(total + c) + x)
      store<i32>(positive + c, load<i32>(positive + c) + max(x, 0))
    }
  }
}

// @ts-expect-error: decorator
@inline
function addTo(at: usize, low: v128, high: v128): void {
  v128.store(at, i32x4.add(v128.load(at), low))
  v128.store(at, i32x4.add(v128.load(at, 16), high), 16)
}

/**
 * @param weights [height, run, out]
 * @param output [out / 8][height][pairs][8][2], filled up with zeros
 */
export function packPanels(weights: usize, height: i32, run: i32, out: i32, pairs: i32, output: usize): void {
  const row = <usize>out << 1
  for (let block = 0; block < out; block += 8) {
    const inBlock = min(8, out - block)
    for (let y = 0; y < height; y++) {
      let from = weights + <usize>(y * run) * row + (<usize>block << 1)
      for (let pair = 0; pair < pairs; pair++, output += 32) {
        memory.fill(output, 0, 32)
        for (let half = 0; half < 2; half++) {
          if (2 * pair + half >= run) break
          for (let c = 0; c < inBlock; c++) {
            store<i16>(output + (<usize>(2 * c + half) << 1), load<i16>(from + (<usize>c << 1)))
          }
          from += row
        }
      }
    }
  }
}
