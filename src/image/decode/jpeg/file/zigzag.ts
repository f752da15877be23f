/** The order in which the 64 coefficients of a block come, by rising frequency. ITU-T T.81, figure A.6. Pure. */

/** Where each stands in rows of eight. */
export const places: readonly number[] = listPlaces()

/** What comes in that order, laid out in rows of eight. */
export function inRows(values: Uint16Array): Uint16Array {
  const rows = new Uint16Array(64)
  places.forEach((place, k) => {
    rows[place] = values[k]!
  })
  return rows
}

function listPlaces(): number[] {
  const list: number[] = []
  let [row, column] = [0, 0]
  for (let k = 0; k < 64; k++) {
    list.push(row * 8 + column)
    ;[row, column] = next(row, column)
  }
  return list
}

/** Up and to the right along every other diagonal, down and to the left along the ones between. */
function next(row: number, column: number): [row: number, column: number] {
  if ((row + column) % 2 === 0) {
    if (column === 7) return [row + 1, column]
    return row === 0 ? [row, column + 1] : [row - 1, column + 1]
  }
  if (row === 7) return [row, column + 1]
  return column === 0 ? [row + 1, column] : [row + 1, column - 1]
}
