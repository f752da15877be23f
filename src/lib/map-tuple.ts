/** `Array.map` whose type still says how many items there are: a colour stays three numbers, five points stay five. Pure. */
export function mapTuple<const Items extends readonly unknown[], Made>(
  items: Items,
  make: (item: Items[number], index: number) => Made,
): { readonly [Index in keyof Items]: Made } {
  return items.map(make) as { readonly [Index in keyof Items]: Made }
}
