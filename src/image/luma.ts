/** The brightness of a colour as eyes see it: Rec. 601, as JPEG has it. Pure. */

/** In the range of what it is given. */
export function toLuma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue
}
