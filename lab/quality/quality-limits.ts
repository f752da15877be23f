/**
 * How bad may a photo be? Probes of listed pairs of one person are made worse step by step (degrade.ts), and each
 * step is compared as it ships: how many of the right people are refused, and how many times as many strangers are let in
 * as was asked for. Beside that, what the quality gate measures on them. The limits of src/gate/ come from here.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { findVerification } from '../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { encodeBothWays, encodeChip } from '../../src/encoder/encode.ts'
import { liftDark } from '../../src/encoder/lift-dark.ts'
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import { measureLight } from '../../src/face/quality.ts'
import { median } from '../../src/lib/median.ts'
import { readPairs } from '../datasets/pairs.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { cutFaces } from '../training/photos/cut-faces.ts'
import { degradations } from './degrade.ts'

const seed = 3

export interface QualityOptions {
  /** CSV file. */
  readonly pairs: string
  /** Folder below which the paths of the file lie. */
  readonly images: string
  /** Pairs of one person that are taken. */
  readonly count: number
}

/** A table in Markdown. */
export async function measureQualityLimits(options: QualityOptions): Promise<string> {
  const { pairs: pairsFile, images, count } = options
  const same = (await readPairs(pairsFile, images)).filter((pair) => pair.same)
  const pairs = new SeededRandom(seed, 'pairs').shuffled(same).slice(0, count)
  const { encoder: parts, model } = await loadModels(await nodeAssets())
  const encoder = parts[0]!.network
  const { size } = encoder.table.input
  const { threshold, metric } = findVerification(readCalibrationTable(), model, {
    encodings: 1,
  })

  const chips = new Map<string, Float32Array>()
  const files = [...new Set(pairs.flatMap(({ left, right }) => [left, right]))]
  const cutting = progressBar('cutting faces')
  cutting.start(files.length)
  await cutFaces(
    files,
    { encoder: encoder.table.name, squares: { size, margin: 0 } },
    ({ file, square }) => {
      if (square instanceof Uint8Array) chips.set(file, Float32Array.from(square))
      cutting.step()
    },
  )
  cutting.stop()

  const known = pairs.filter(({ left, right }) => chips.has(left) && chips.has(right))
  const enrolled = known.map(({ left }) =>
    prepareEncoding(metric, encodeBothWays(encoder, chips.get(left)!).averaged),
  )
  const comparing = progressBar('comparing')
  comparing.start(degradations.length)
  const rows = degradations.map(({ name, degrade }) => {
    const probes = known.map(({ right }) => degrade(chips.get(right)!, size))
    const light = probes.map((chip) => measureLight(chip, size))
    const places = probes.map((chip, i) =>
      prepareEncoding(metric, encodeChip(encoder, liftDark(chip, light[i]!.brightness))),
    )
    const refused = places.filter(
      (place, i) => !(distanceBetween(enrolled[i]!, place) <= threshold),
    )
    const strangers = places.flatMap((place, i) =>
      enrolled.flatMap((other, k) =>
        personOf(known[i]!.right) === personOf(known[k]!.left)
          ? []
          : [distanceBetween(other, place) <= threshold],
      ),
    )
    comparing.step(name)
    return {
      name,
      fnmr: refused.length / places.length,
      fmr: strangers.filter(Boolean).length / strangers.length,
      sharpness: median(light.map(({ sharpness }) => sharpness)),
      brightness: median(light.map(({ brightness }) => brightness)),
      contrast: median(light.map(({ contrast }) => contrast)),
    }
  })
  comparing.stop()
  return (
    `${known.length} pairs of one person, probes made worse; ${model}, threshold ${threshold}\n\n` +
    '| probe | right person refused | strangers let in | sharpness | brightness | contrast |\n' +
    '| --- | --- | --- | --- | --- | --- |\n' +
    rows
      .map(
        ({ name, fnmr, fmr, sharpness, brightness, contrast }) =>
          `| ${name} | ${(100 * fnmr).toFixed(1)} % | ${(100 * fmr).toFixed(2)} % | ` +
          `${sharpness.toFixed(2)} | ${brightness.toFixed(3)} | ${contrast.toFixed(3)} |`,
      )
      .join('\n')
  )
}

/** The person's folder: LFW names everybody by it. */
const personOf = (file: string): string => file.split('/').at(-2)!
