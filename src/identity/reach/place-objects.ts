/**
 * Where the Durable Objects of a deployment live: within a jurisdiction, and near a place if Cloudflare follows the hint. An object stays
 * where it was first called. Objects of another jurisdiction are other objects, even under the same name: people who were enrolled without
 * it are not found.
 */
import { FaceError } from '../../errors/face-error.ts'

export const jurisdictions = ['eu', 'fedramp', 'us'] as const
export const locations = [
  'wnam',
  'enam',
  'sam',
  'weur',
  'eeur',
  'apac',
  'oc',
  'afr',
  'me',
] as const satisfies readonly DurableObjectLocationHint[]

export interface Placement {
  readonly jurisdiction?: (typeof jurisdictions)[number]
  readonly location?: DurableObjectLocationHint
}

/** What the settings JURISDICTION and LOCATION say, for objects, which read them themselves; settings.ts checks them. */
export function readPlacement(env: object): Placement {
  const { JURISDICTION, LOCATION } = { JURISDICTION: undefined, LOCATION: undefined, ...env }
  const jurisdiction = jurisdictions.find((known) => known === JURISDICTION)
  const location = locations.find((known) => known === LOCATION)
  return {
    ...(jurisdiction !== undefined && { jurisdiction }),
    ...(location !== undefined && { location }),
  }
}

export function placeObjects<Objects extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<Objects>,
  { jurisdiction, location: locationHint }: Placement,
): DurableObjectNamespace<Objects> {
  const within =
    jurisdiction === undefined ? namespace : withinJurisdiction(namespace, jurisdiction)
  if (locationHint === undefined) return within
  return {
    newUniqueId: (options) => within.newUniqueId(options),
    idFromName: (name) => within.idFromName(name),
    idFromString: (id) => within.idFromString(id),
    get: (id, options) => within.get(id, { locationHint, ...options }),
    getByName: (name, options) => within.getByName(name, { locationHint, ...options }),
    jurisdiction: (other) => within.jurisdiction(other),
  }
}

/** workerd on a machine of one's own has none: objects without it would not be where the operator wants them. */
function withinJurisdiction<Objects extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<Objects>,
  jurisdiction: DurableObjectJurisdiction,
): DurableObjectNamespace<Objects> {
  try {
    return namespace.jurisdiction(jurisdiction)
  } catch (cause) {
    const detail = `JURISDICTION is ${jurisdiction}, and this runtime has no jurisdictions: leave it unset where workerd runs locally.`
    throw new FaceError('not_configured', detail, { cause })
  }
}
