/**
 * What runs the layers of a network: a plan on our own integer kernels, or tfjs's operations one by one, which know every layer and are the
 * twin that plans are tested against.
 */
export const engines = ['plan', 'stock'] as const
export type EngineKind = (typeof engines)[number]
