/**
 * AssemblyScript: a block's coefficients -> its samples, 8x8 by the transform of Arai, Agui and Nakajima in float32, or fewer of the lowest
 * frequencies alone, which is the picture scaled down. The coefficients are zeros afterwards.
 */

/** @param coefficients 64 float32 in rows, times their steps, which hold the scale of the transform */
export function writeBlock(coefficients: usize, hasAc: bool, size: i32, samples: usize, stride: usize): void {
  if (!hasAc || size === 1) {
    // The first coefficient is the mean, in the scale of any transform here.
    const value = sampleOf(load<f32>(coefficients))
    const four = <u32>value * 0x01010101
    for (let row = 0; row < size; row++, samples += stride) {
      if (size === 8) store<u64>(samples, (<u64>four << 32) | <u64>four)
      else if (size === 4) store<u32>(samples, four)
      else if (size === 2) store<u16>(samples, <u16>four)
      else store<u8>(samples, value)
    }
  } else if (size === 8) eight(coefficients, samples, stride)
  else if (size === 4) four(coefficients, samples, stride)
  else two(coefficients, samples, stride)
  if (hasAc) clear(coefficients)
  else store<f32>(coefficients, 0)
}

/** All 64. `memory.fill` leaves WebAssembly, which for so few takes longer. */
// @ts-expect-error: decorator
@inline
function clear(coefficients: usize): void {
  const zeros = i32x4.splat(0)
  for (let at = coefficients; at < coefficients + 256; at += 64) {
    v128.store(at, zeros)
    v128.store(at, zeros, 16)
    v128.store(at, zeros, 32)
    v128.store(at, zeros, 48)
  }
}

// @ts-expect-error: decorator
@inline
function sampleOf(value: f32): u8 {
  return <u8>max(0, min(255, <i32>nearest(value + 128)))
}

/**
 * Four columns of eight rows at `from`, 32 bytes from row to row, through the transform, and transposed to four rows of eight at `to`.
 */
function pass(from: usize, to: usize): void {
  const a0 = v128.load(from), a1 = v128.load(from, 32), a2 = v128.load(from, 64), a3 = v128.load(from, 96)
  const a4 = v128.load(from, 128), a5 = v128.load(from, 160), a6 = v128.load(from, 192), a7 = v128.load(from, 224)
  const root = f32x4.splat(1.414213562)
  const p = f32x4.add(a0, a4), q = f32x4.sub(a0, a4)
  const r = f32x4.add(a2, a6), s = f32x4.sub(f32x4.mul(f32x4.sub(a2, a6), root), r)
  const e0 = f32x4.add(p, r), e3 = f32x4.sub(p, r), e1 = f32x4.add(q, s), e2 = f32x4.sub(q, s)
  const z13 = f32x4.add(a5, a3), z10 = f32x4.sub(a5, a3), z11 = f32x4.add(a1, a7), z12 = f32x4.sub(a1, a7)
  const o7 = f32x4.add(z11, z13)
  const z5 = f32x4.mul(f32x4.add(z10, z12), f32x4.splat(1.847759065))
  const o6 = f32x4.sub(f32x4.sub(z5, f32x4.mul(z10, f32x4.splat(2.61312593))), o7)
  const o5 = f32x4.sub(f32x4.mul(f32x4.sub(z11, z13), root), o6)
  const o4 = f32x4.add(f32x4.sub(f32x4.mul(z12, f32x4.splat(1.0823922)), z5), o5)
  transposeTo(to, f32x4.add(e0, o7), f32x4.add(e1, o6), f32x4.add(e2, o5), f32x4.sub(e3, o4))
  transposeTo(to + 16, f32x4.add(e3, o4), f32x4.sub(e2, o5), f32x4.sub(e1, o6), f32x4.sub(e0, o7))
}

// @ts-expect-error: decorator
@inline
function transposeTo(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2))
  v128.store(to + 32, v128.shuffle<i64>(ab, cd, 1, 3))
  v128.store(to + 64, v128.shuffle<i64>(ef, gh, 0, 2))
  v128.store(to + 96, v128.shuffle<i64>(ef, gh, 1, 3))
}

const turned = memory.data(256, 16)
const rows = memory.data(256, 16)

function eight(coefficients: usize, samples: usize, stride: usize): void {
  pass(coefficients, turned)
  pass(coefficients + 16, turned + 128)
  pass(turned, rows)
  pass(turned + 16, rows + 128)
  for (let at: usize = 0; at < 256; at += 32, samples += stride) {
    const words = i16x8.narrow_i32x4_s(wholes(v128.load(rows + at)), wholes(v128.load(rows + at, 16)))
    v128.store64_lane(samples, i8x16.narrow_i16x8_u(words, words), 0)
  }
}

/** Rounded, whatever is below zero being zero: by what a float32 of this size has no bits for. */
// @ts-expect-error: decorator
@inline
function wholes(values: v128): v128 {
  const light = f32x4.pmax(f32x4.add(values, f32x4.splat(128)), f32x4.splat(0))
  return i32x4.sub(f32x4.add(light, f32x4.splat(12582912)), i32x4.splat(0x4b400000))
}

/** Both passes in registers: sums of the root of two times cos((2x + 1) u pi / 8), down and then across. */
function four(coefficients: usize, samples: usize, stride: usize): void {
  const one = f32x4.splat(1.306562965), three = f32x4.splat(0.5411961)
  const f0 = v128.load(coefficients), f1 = v128.load(coefficients, 32)
  const f2 = v128.load(coefficients, 64), f3 = v128.load(coefficients, 96)
  const p = f32x4.add(f0, f2), q = f32x4.sub(f0, f2)
  const r = f32x4.add(f32x4.mul(f1, one), f32x4.mul(f3, three))
  const s = f32x4.sub(f32x4.mul(f1, three), f32x4.mul(f3, one))
  const a = f32x4.add(p, r), b = f32x4.add(q, s), c = f32x4.sub(q, s), d = f32x4.sub(p, r)
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  const g0 = v128.shuffle<i64>(ab, cd, 0, 2), g1 = v128.shuffle<i64>(ab, cd, 1, 3)
  const g2 = v128.shuffle<i64>(ef, gh, 0, 2), g3 = v128.shuffle<i64>(ef, gh, 1, 3)
  const t = f32x4.add(g0, g2), u = f32x4.sub(g0, g2)
  const v = f32x4.add(f32x4.mul(g1, one), f32x4.mul(g3, three))
  const w = f32x4.sub(f32x4.mul(g1, three), f32x4.mul(g3, one))
  const left = i16x8.narrow_i32x4_s(wholes(f32x4.add(t, v)), wholes(f32x4.add(u, w)))
  const right = i16x8.narrow_i32x4_s(wholes(f32x4.sub(u, w)), wholes(f32x4.sub(t, v)))
  const columns = i8x16.narrow_i16x8_u(left, right)
  const all = v128.shuffle<i8>(columns, columns, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)
  v128.store32_lane(samples, all, 0)
  v128.store32_lane(samples + stride, all, 1)
  v128.store32_lane(samples + 2 * stride, all, 2)
  v128.store32_lane(samples + 3 * stride, all, 3)
}

function two(coefficients: usize, samples: usize, stride: usize): void {
  const mean = load<f32>(coefficients)
  const across = load<f32>(coefficients, 4)
  const down = load<f32>(coefficients, 32)
  const both = load<f32>(coefficients, 36)
  store<u8>(samples, sampleOf(mean + across + down + both))
  store<u8>(samples, sampleOf(mean - across + down - both), 1)
  store<u8>(samples + stride, sampleOf(mean + across - down - both))
  store<u8>(samples + stride, sampleOf(mean - across - down + both), 1)
}
