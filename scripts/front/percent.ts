/** A share, 0..1, as it is written: "4.7 %". */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`
}
