/** The value in the middle of others, without sorting them. Pure. */

/** Of an even number the upper one of the two in the middle. `values` stay as they are. */
export function median(values: Float32Array | readonly number[]): number {
  const left = values.slice()
  const middle = left.length >> 1
  let [from, to] = [0, left.length - 1]
  // Hoare's selection: the half with the middle in it is divided until nothing is left of it.
  while (from < to) {
    const pivot = left[(from + to) >> 1]!
    let [low, high] = [from, to]
    while (low <= high) {
      while (left[low]! < pivot) low++
      while (left[high]! > pivot) high--
      if (low > high) break
      const value = left[low]!
      left[low++] = left[high]!
      left[high--] = value
    }
    if (middle <= high) to = high
    else if (middle >= low) from = low
    else break
  }
  return left[middle]!
}
