/** The filters of PNG rows, undone. PNG specification, third edition, section 9.2. */

/** @param stride bytes from a sample to the same one of the pixel to the left; throws for a filter that there is not */
export function undoFilter(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  stride: number,
): void {
  const { length } = row
  switch (filter) {
    case 0:
      return
    case 1:
      for (let i = stride; i < length; i++) row[i]! += row[i - stride]!
      return
    case 2:
      for (let i = 0; i < length; i++) row[i]! += above[i]!
      return
    case 3:
      for (let i = 0; i < stride; i++) row[i]! += above[i]! >> 1
      for (let i = stride; i < length; i++) row[i]! += (row[i - stride]! + above[i]!) >> 1
      return
    case 4:
      for (let i = 0; i < stride; i++) row[i]! += above[i]!
      for (let i = stride; i < length; i++) {
        row[i]! += nearest(row[i - stride]!, above[i]!, above[i - stride]!)
      }
      return
    default:
      throw new Error('The PNG has a row with an unknown filter.')
  }
}

/** Paeth's choice: the neighbour that is nearest to left + above - corner. */
function nearest(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner)
  const toAbove = Math.abs(left - corner)
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
