/** Which index finds people by face (docs/galleries.md). */
export const indexKinds = ['kv', 'packed', 'vectorize'] as const

export type IndexChoice =
  | { readonly kind: 'kv' }
  | { readonly kind: 'packed' }
  | { readonly kind: 'vectorize'; readonly binding: Vectorize }
