/** The value in the middle of others, without sorting them. Pure. */

/** Of an even number the upper one of the two in the middle. `values` stay as they are. */
export function median(values: Float32Array | readonly number[]): number {
  return selectMiddle(values.slice())
}

/** The same, and `values` may be in another order afterwards. */
export function selectMiddle(values: Float32Array | number[]): number {
  const middle = values.length >> 1
  let from = 0
  let to = values.length - 1
  // Hoare's selection: the half with the middle in it is divided until nothing is left of it.
  while (from < to) {
    const pivot = values[(from + to) >> 1]!
    let low = from
    let high = to
    while (low <= high) {
      while (values[low]! < pivot) low++
      while (values[high]! > pivot) high--
      if (low > high) break
      const value = values[low]!
      values[low++] = values[high]!
      values[high--] = value
    }
    if (middle <= high) to = high
    else if (middle >= low) from = low
    else break
  }
  return values[middle]!
}
