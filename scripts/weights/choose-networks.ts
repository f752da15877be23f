/** What is packed: what was chosen before, with what the command line says of one network or of all. */
import { nn4Small2Variants } from '../../src/encoder/nn4-small2.ts'
import { type Encoder, encoders } from '../../src/engine/encoders.ts'
import type { Precision } from '../../src/network/quantise.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { livenessTables, networkNamed } from './networks.ts'
import { readChoices } from './pack-choices.ts'
import type { PackOptions } from './pack-network.ts'
import { packedEncoder } from './packed-encoder.ts'
import { isLivenessPacked } from './packed-liveness.ts'

export interface GivenChoice {
  readonly network: string | undefined
  readonly variant: keyof typeof nn4Small2Variants | undefined
  readonly weights: string | undefined
  readonly precision: Precision | undefined
}

/** What is wrong with a choice that does not hold together. */
export function checkChoice({ network, variant, weights }: GivenChoice): string | undefined {
  if (weights && !network) return '--weights wants a --network beside it'
  const { name } = nn4Small2Variants.openface
  return variant && network !== name ? `--variant wants --network ${name} beside it` : undefined
}

export async function chooseNetworks(given: GivenChoice): Promise<PackOptions[]> {
  const { weights, precision } = given
  const table = tableOf(given)
  const encoder = await encoderOf(given)
  const liveness = livenessTables.some((own) => own === table) || (await isLivenessPacked())
  return (await readChoices(encoder, liveness)).map((before) =>
    table && before.table !== table
      ? before
      : {
          ...before,
          ...(weights ? { folder: weights } : {}),
          ...(precision ? { precision } : {}),
        },
  )
}

/** What runs from then on: the encoder that was named, or the one that ran before. */
export async function encoderOf(given: GivenChoice): Promise<Encoder> {
  const table = tableOf(given)
  return encoders.find(({ name }) => name === table?.name) ?? (await packedEncoder())
}

function tableOf({ network, variant }: GivenChoice): NetworkTable | null {
  if (variant) return nn4Small2Variants[variant]
  return network ? networkNamed(network) : null
}
