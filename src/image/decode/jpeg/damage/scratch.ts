/**
 * Room for values that are needed for a moment, used over and over: of a large photo thousands of rows are looked at, and what each left behind
 * would pile up until garbage is collected.
 */

/** @returns what gives so many of them, valid until the next call; what they were before is undefined */
export function makeScratch(): (length: number) => Float32Array {
  let room = new Float32Array(0)
  return (length) => {
    if (room.length < length) room = new Float32Array(length)
    return room.subarray(0, length)
  }
}
