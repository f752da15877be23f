/** Which photo, and as what: 0 is the photo as it is, any other number a variant drawn for it. */
export interface Item {
  readonly photo: number
  readonly variant: number
}
