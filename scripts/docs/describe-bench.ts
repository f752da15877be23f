/** What `npm run bench -- --write` measured, as tables: ratios of one run, with the machine's name. */
import { join } from 'node:path'
import kept from '../../docs/performance/bench.json' with { type: 'json' }
import { toTable } from '../front/markdown-table.ts'
import { projectRoot } from '../front/project-root.ts'

export const benchFile = join(projectRoot, 'docs', 'performance', 'bench.json')

export type BenchFigures = typeof kept

export function describeBench(figures: BenchFigures = kept): string {
  const { machine, date, ceilings, request, bundle } = figures
  return [
    `Measured on ${date}, ${machine}, one thread: \`npm run bench\`, medians of ${figures.runs} rounds in turn, encoder \`${figures.encoder}\`. ` +
      `At most, WebAssembly multiplies and adds ${ceilings.int16.toFixed(0)} thousand million int16 and ${ceilings.float32.toFixed(0)} ` +
      'thousand million float32 numbers a second here.',
    describeNetworks(figures),
    describeStages(figures),
    toTable([
      ['request inside workerd', 'figure'],
      ['warm `/verify`, 640x480, over the encoder on tfjs', ratio(request.verifyOverStockEncoder)],
      [
        'its processor time over HTTP, local server included, over the encoder on tfjs',
        ratio(request.cpuOverStockEncoder),
      ],
      [
        'the same, less what the local server takes for a photo sent to no endpoint',
        ratio(request.ownCpuOverStockEncoder),
      ],
      ['`/verify` of 2048x1536 over 640x480', ratio(request.largeOverSmall)],
      ['warm `/verify`, 640x480', ms(request.verifyMs)],
      ['first request of a fresh isolate', ms(request.coldMs)],
      ['the next request', ms(request.secondMs)],
      ['heap of the networks', mib(request.wasmHeapBytes)],
      ['growth of workerd over 30 photos of 2048x1536', mib(request.growthBytes)],
      ['bundle', mib(bundle.totalBytes)],
      ['weights in it', mib(bundle.shardBytes)],
    ]),
    toTable([
      ['cold start in Node, once', 'ms'],
      ...figures.start.map(({ part, ms }) => [part, ms.toFixed(1)]),
    ]),
  ].join('\n\n')
}

/** The line of the README. */
export function describeSpeed({ networks, engine, request, machine }: BenchFigures = kept): string {
  const [encoder] = networks
  return (
    `**Speed**, in one run on one thread (${machine}): a warm \`/verify\` of a 640x480 JPEG takes ${request.verifyMs.toFixed(0)} ms, ` +
    `${ratio(request.verifyOverStockEncoder)} times as long as the encoder alone on tfjs's own operations. The first request of a fresh ` +
    `isolate takes ${request.coldMs.toFixed(0)} ms. Finding, aligning and encoding the face takes ${ratio(engine.engineOverStockEncoder)} ` +
    `times as long as that encoder. With the same weights, ours takes ${ratio(encoder!.overStock)} times as long as on tfjs, and ` +
    `${ratio(encoder!.overOnnx)} times as long as on onnxruntime-web.`
  )
}

function describeNetworks({ networks, ceilings, fused }: BenchFigures): string {
  const head = [
    'network',
    'million products',
    'ms',
    'of the ceiling',
    'over tfjs',
    'over onnxruntime-web',
    'apart from tfjs',
  ]
  const rows = networks.map(({ network, products, planMs, ...one }) => [
    `\`${network}\``,
    (products / 1e6).toFixed(0),
    planMs.toFixed(2),
    `${((products / planMs / 1e6 / ceilings.int16) * 100).toFixed(0)} %`,
    ratio(one.overStock),
    ratio(one.overOnnx),
    one.planApart.toExponential(0),
  ])
  return (
    `${toTable([head, ...rows])}\n\n` +
    'Products are counted as a direct computation needs them: Winograd makes do with fewer, so that a network may pass its ceiling. ' +
    'Encoders that are not packed ran on seeded weights. The last column is the largest difference of an output from that of tfjs, as a share of ' +
    `the largest output.\n\n\`${fused.encoder}\`, both its networks one after the other, takes ${fused.planMs.toFixed(2)} ms: ` +
    `${ratio(fused.overStock)} of \`${fused.beside}\` alone on tfjs.`
  )
}

function describeStages({ engine }: BenchFigures): string {
  const { stages, engineMs, engineOverStockEncoder, stockEncoderMs } = engine
  return toTable([
    ['stage, 640x480 JPEG', 'ms'],
    ...stages.map(({ stage, ms }) => [stage, ms.toFixed(2)]),
    ['the whole engine', engineMs.toFixed(2)],
    ['the encoder alone on tfjs', stockEncoderMs.toFixed(2)],
    ['ratio of the two, median of neighbours', ratio(engineOverStockEncoder)],
  ])
}

function ratio(value: number): string {
  return value.toFixed(2)
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
