/** The pipeline as the HTTP edge sees it: photos in, encodings and faces out, and the name of the network that runs. */

import type { EncodingSource } from '../encoding/encoding.ts'
import { livenessParts, usualLiveThreshold } from '../face/liveness.ts'
import { startAverages } from '../image/average-down.ts'
import { createCodecs, type Room } from '../image/decode/codecs.ts'
import type { CodecModules } from '../image/decode/formats.ts'
import { type BackendModules, reserveHeap, startBackend } from '../network/backend.ts'
import type { EngineKind } from '../network/engine-kind.ts'
import { disposeNetwork, loadNetwork, type Network, type PackedNetwork } from '../network/load.ts'
import type { NetworkTable } from '../network/table.ts'
import { type Encoder, encodingLengthOf } from './encoders.ts'
import {
  type DetectedFace,
  type DetectOptions,
  detectPhoto,
  type EncodedPhoto,
  type EncodeOptions,
  encodePhoto,
} from './pipeline.ts'
import { livenessModel, pipelineModel, pipelineNetworks } from './pipeline-model.ts'
import type { Models } from './stages/models.ts'

/** The networks that score liveness, as one. */
export interface LivenessModel {
  /** As in "mini-fasnet@4f1c2a90". */
  readonly model: string
  /** Least score that counts as live, 0..1, unless the settings give another. */
  readonly threshold: number
}

export interface FaceEngine extends EncodingSource {
  /** On plans, which compute in integers, a photo gives the same bits everywhere; tfjs's operations differ by processor. */
  readonly runsOn: EngineKind
  /** Absent unless they were packed. */
  readonly liveness?: LivenessModel
  /** One face: throws FaceError image_*, no_face, multiple_faces, face_*. */
  encode(photo: Uint8Array, options?: EncodeOptions): Promise<EncodedPhoto>
  /** Every face, largest first; empty when there is none. Throws FaceError image_*. */
  detect(photo: Uint8Array, options?: DetectOptions): Promise<DetectedFace[]>
}

/** Compiled modules and packed networks: static imports in the Worker, files in scripts. */
export interface EngineAssets {
  readonly codecs: CodecModules
  /** Where it runs; an isolate unless given. */
  readonly room?: Room
  readonly backend: BackendModules
  /** Means of blocks of pixels. */
  readonly averages: WebAssembly.Module
  /** The encoder that was packed. */
  readonly encoder: Encoder
  /** Whether the liveness networks were packed too. */
  readonly hasLiveness: boolean
  /** What runs the networks; plans unless given. */
  readonly kind?: EngineKind
  packedNetwork(table: NetworkTable): PackedNetwork | Promise<PackedNetwork>
}

/**
 * Starts the backend and loads the networks. Nothing stays on the backend when one of them fails, so that the next attempt
 * starts clean.
 */
export async function loadModels(assets: EngineAssets): Promise<Models> {
  const { parts } = assets.encoder
  startAverages(assets.averages)
  await startBackend(assets.backend)
  reserveHeap()
  const loaded: Network[] = []
  const tables: NetworkTable[] = pipelineNetworks(assets.encoder)
  if (assets.hasLiveness) tables.push(...livenessParts.map(({ table }) => table))
  try {
    for (const table of tables) {
      loaded.push(await loadNetwork(table, await assets.packedNetwork(table), assets.kind))
    }
  } catch (error) {
    loaded.forEach(disposeNetwork)
    throw error
  }
  const [detector, landmarks, ...liveness] = loaded.slice(parts.length) as [
    Network,
    Network,
    ...Network[],
  ]
  const networks = [...loaded.slice(0, parts.length), detector, landmarks]
  return {
    model: pipelineModel(
      assets.encoder,
      networks.map(({ model }) => model),
    ),
    codecs: createCodecs(assets.codecs, assets.room),
    encoder: parts.map(({ chip }, i) => ({ network: loaded[i]!, chip })),
    detector,
    landmarks,
    ...(liveness.length > 0 && { liveness }),
  }
}

export function createEngine(models: Models): FaceEngine {
  const encoder = models.encoder.map(({ network }) => network)
  const networks = [...encoder, models.detector, models.landmarks]
  return {
    runsOn: networks.every(({ weights }) => weights.engine === 'plan') ? 'plan' : 'stock',
    model: models.model,
    encodingLength: encodingLengthOf(encoder[0]!.table),
    ...(models.liveness && {
      liveness: {
        model: livenessModel(models.liveness.map(({ model }) => model)),
        threshold: usualLiveThreshold,
      },
    }),
    encode: (photo, options) => encodePhoto(models, photo, options),
    detect: (photo, options) => detectPhoto(models, photo, options),
  }
}
