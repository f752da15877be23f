/**
 * What this machine's WebAssembly multiplies at most: products in registers, four rows by two columns, nothing read and nothing
 * written meanwhile. The rows change each turn, so that no product can be left out.
 */

/** Products of one turn of each loop. */
export const int16ProductsPerTurn: i32 = 64
export const float32ProductsPerTurn: i32 = 32

/** Of int16, summed exactly in int32, as the kernels of the networks have them. The answer depends on every product. */
export function int16Products(turns: i32, seed: i32): i32 {
  const w0 = i16x8.splat(<i16>seed), w1 = i16x8.splat(3)
  let u = w0, v = w1, x = i16x8.splat(5), y = i16x8.splat(7)
  let p0 = i32x4.splat(0), p1 = i32x4.splat(0)
  let q0 = i32x4.splat(0), q1 = i32x4.splat(0)
  let r0 = i32x4.splat(0), r1 = i32x4.splat(0)
  let s0 = i32x4.splat(0), s1 = i32x4.splat(0)
  for (let turn = 0; turn < turns; turn++) {
    p0 = i32x4.add(p0, i32x4.dot_i16x8_s(u, w0))
    p1 = i32x4.add(p1, i32x4.dot_i16x8_s(u, w1))
    q0 = i32x4.add(q0, i32x4.dot_i16x8_s(v, w0))
    q1 = i32x4.add(q1, i32x4.dot_i16x8_s(v, w1))
    r0 = i32x4.add(r0, i32x4.dot_i16x8_s(x, w0))
    r1 = i32x4.add(r1, i32x4.dot_i16x8_s(x, w1))
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(y, w0))
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(y, w1))
    u = i16x8.add(u, w0)
    v = i16x8.add(v, w0)
    x = i16x8.add(x, w0)
    y = i16x8.add(y, w0)
  }
  return <i32>i32x4.extract_lane(
    i32x4.add(i32x4.add(i32x4.add(p0, p1), i32x4.add(q0, q1)), i32x4.add(i32x4.add(r0, r1), i32x4.add(s0, s1))),
    0,
  )
}

/** Of float32, fused where the processor can: what a network in floats could reach. */
export function float32Products(turns: i32, seed: i32): i32 {
  const w0 = f32x4.splat(<f32>seed), w1 = f32x4.splat(3)
  let u = w0, v = w1, x = f32x4.splat(5), y = f32x4.splat(7)
  let p0 = f32x4.splat(0), p1 = f32x4.splat(0)
  let q0 = f32x4.splat(0), q1 = f32x4.splat(0)
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0)
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0)
  for (let turn = 0; turn < turns; turn++) {
    p0 = f32x4.relaxed_madd(u, w0, p0)
    p1 = f32x4.relaxed_madd(u, w1, p1)
    q0 = f32x4.relaxed_madd(v, w0, q0)
    q1 = f32x4.relaxed_madd(v, w1, q1)
    r0 = f32x4.relaxed_madd(x, w0, r0)
    r1 = f32x4.relaxed_madd(x, w1, r1)
    s0 = f32x4.relaxed_madd(y, w0, s0)
    s1 = f32x4.relaxed_madd(y, w1, s1)
    u = f32x4.add(u, w0)
    v = f32x4.add(v, w0)
    x = f32x4.add(x, w0)
    y = f32x4.add(y, w0)
  }
  return <i32>f32x4.extract_lane(
    f32x4.add(f32x4.add(f32x4.add(p0, p1), f32x4.add(q0, q1)), f32x4.add(f32x4.add(r0, r1), f32x4.add(s0, s1))),
    0,
  )
}
