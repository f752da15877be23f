/**
 * What runs the layers of a network: a plan on our own integer kernels, or tfjs's operations one by one, which know every layer and are the
 * reference for tests of plans.
 */
export const engines = ['plan', 'stock'] as const
export type EngineKind = (typeof engines)[number]
