/** How sure a measured share is. Pure. */

/** Wilson's interval of a share, 95 %. */
export function wilson(count: number, of: number): [low: number, high: number] {
  const z = 1.96
  const share = count / of
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const reach =
    (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of)
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)]
}
