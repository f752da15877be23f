/** Whether two places in rows of blocks stand one beside the other, which is where what was moved may fit as well. Pure. */

const mostColumns = 2

/** In the same row, or in any other. @param apart how many blocks are from one to the other along the rows */
export function isBeside(apart: number, columns: number): boolean {
  return Math.abs(apart - Math.round(apart / columns) * columns) <= mostColumns
}
