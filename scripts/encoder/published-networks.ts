/**
 * Networks that are no part of the project, and that it can fetch from whoever publishes them: where their files lie, what they have to be,
 * and what their pixels are. Pure.
 */
import { reid0095 } from '../../src/encoder/reid-0095.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import type { PublishedFiles } from './fetch-published.ts'
import type { Preparation } from './table-of-network.ts'

/** The first of its files names the layers. */
export interface PublishedNetwork extends PublishedFiles {
  readonly table: NetworkTable
  readonly preparation: Preparation
}

export const publishedNetworks: readonly PublishedNetwork[] = [
  {
    table: reid0095,
    command: 'npm run encoder -- reid-0095',
    url: 'https://storage.openvinotoolkit.org/repositories/open_model_zoo/2023.0/models_bin/1/face-reidentification-retail-0095/FP16/',
    files: [
      {
        name: 'face-reidentification-retail-0095.xml',
        sha256: 'ce53d2c9c08c0bd1c1660fb8a5b6d0e3e4ec19eb92f1036d2d83a85e83082dce',
      },
      {
        name: 'face-reidentification-retail-0095.bin',
        sha256: '241229ca3d206321868d46ce74a3c0b06c49cea58db7dc70b2e842ff287545d1',
      },
    ],
    preparation: { colour: 'bgr', mean: 0, divide: 1 },
  },
]
