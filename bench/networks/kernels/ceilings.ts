/**
 * What this machine's WebAssembly multiplies at most: sums in registers, four rows by two columns. Only the columns are read anew each
 * turn, from two places in turn, so that no product can be left out: that takes nothing that products need. No vector is a constant,
 * which V8 would put together anew at each use.
 */

/** Products of one turn of each loop. */
export const int16ProductsPerTurn: i32 = 64
export const float32ProductsPerTurn: i32 = 32

/** Of int16, summed exactly in int32, as the kernels of the networks have them. The answer depends on every product. */
export function int16Products(turns: i32, seed: i32): i32 {
  const u = i16x8.splat(<i16>seed), v = i16x8.add(u, u), x = i16x8.add(u, v), y = i16x8.add(v, v)
  let place: usize = 0
  let p0 = i32x4.splat(0), p1 = i32x4.splat(0)
  let q0 = i32x4.splat(0), q1 = i32x4.splat(0)
  let r0 = i32x4.splat(0), r1 = i32x4.splat(0)
  let s0 = i32x4.splat(0), s1 = i32x4.splat(0)
  for (let turn = 0; turn < turns; turn++, place ^= 32) {
    const w0 = v128.load(place), w1 = v128.load(place, 16)
    p0 = i32x4.add(p0, i32x4.dot_i16x8_s(u, w0))
    p1 = i32x4.add(p1, i32x4.dot_i16x8_s(u, w1))
    q0 = i32x4.add(q0, i32x4.dot_i16x8_s(v, w0))
    q1 = i32x4.add(q1, i32x4.dot_i16x8_s(v, w1))
    r0 = i32x4.add(r0, i32x4.dot_i16x8_s(x, w0))
    r1 = i32x4.add(r1, i32x4.dot_i16x8_s(x, w1))
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(y, w0))
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(y, w1))
  }
  return <i32>i32x4.extract_lane(
    i32x4.add(i32x4.add(i32x4.add(p0, p1), i32x4.add(q0, q1)), i32x4.add(i32x4.add(r0, r1), i32x4.add(s0, s1))),
    0,
  )
}

/** Of float32, fused where the processor can: what a network in floats could reach. */
export function float32Products(turns: i32, seed: i32): i32 {
  const u = f32x4.splat(<f32>seed), v = f32x4.add(u, u), x = f32x4.add(u, v), y = f32x4.add(v, v)
  let place: usize = 0
  let p0 = f32x4.splat(0), p1 = f32x4.splat(0)
  let q0 = f32x4.splat(0), q1 = f32x4.splat(0)
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0)
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0)
  for (let turn = 0; turn < turns; turn++, place ^= 32) {
    const w0 = v128.load(place), w1 = v128.load(place, 16)
    p0 = f32x4.relaxed_madd(u, w0, p0)
    p1 = f32x4.relaxed_madd(u, w1, p1)
    q0 = f32x4.relaxed_madd(v, w0, q0)
    q1 = f32x4.relaxed_madd(v, w1, q1)
    r0 = f32x4.relaxed_madd(x, w0, r0)
    r1 = f32x4.relaxed_madd(x, w1, r1)
    s0 = f32x4.relaxed_madd(y, w0, s0)
    s1 = f32x4.relaxed_madd(y, w1, s1)
  }
  return <i32>f32x4.extract_lane(
    f32x4.add(f32x4.add(f32x4.add(p0, p1), f32x4.add(q0, q1)), f32x4.add(f32x4.add(r0, r1), f32x4.add(s0, s1))),
    0,
  )
}
