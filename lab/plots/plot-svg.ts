/**
 * Line plots as SVG text: axes with ticks, linear or logarithmic, a grid, a legend. White background and system fonts, so
 * that a file reads the same on any page. Pure.
 */

export interface Axis {
  readonly label: string
  /** 'linear' unless given; on 'log' only values above 0 are drawn. */
  readonly scale?: 'linear' | 'log'
  /** First and last value shown; what the lines need unless given. */
  readonly range?: readonly [first: number, last: number]
}

export interface Line {
  readonly label: string
  /** In the order in which they are joined; what is not finite interrupts the line. */
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly dashed?: boolean
}

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  /** Seven at most have colours of their own. */
  readonly lines: readonly Line[]
  /** Where the legend sits in the plot; 'right top' unless given. */
  readonly legend?: `${'left' | 'right'} ${'top' | 'middle' | 'bottom'}`
}

const width = 720
const height = 440
const frame = { left: 72, right: 24, top: 44, bottom: 58 }
/** Distinct also for the colour-blind (Okabe, Ito 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

/** One axis, ready to place values on it. */
interface Ruler {
  /** Value -> share of the axis, 0..1. */
  at(value: number): number
  readonly ticks: readonly number[]
}

export function plotSvg({ title, x, y, lines, legend = 'right top' }: Plot): string {
  const across = rulerOf(
    x,
    lines.flatMap(({ points }) => points.map(([value]) => value)),
  )
  const up = rulerOf(
    y,
    lines.flatMap(({ points }) => points.map(([, value]) => value)),
  )
  const innerWidth = width - frame.left - frame.right
  const innerHeight = height - frame.top - frame.bottom
  const toX = (value: number): number => frame.left + across.at(value) * innerWidth
  const toY = (value: number): number => frame.top + (1 - up.at(value)) * innerHeight
  const bottom = frame.top + innerHeight
  const right = frame.left + innerWidth
  const middle = frame.left + innerWidth / 2
  const centre = frame.top + innerHeight / 2
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(middle, 26, title, 'middle', 'font-size="16"'),
    ...across.ticks.flatMap((tick) => [
      stroke(toX(tick), frame.top, toX(tick), bottom, '#ddd'),
      text(toX(tick), bottom + 19, tickText(tick), 'middle'),
    ]),
    ...up.ticks.flatMap((tick) => [
      stroke(frame.left, toY(tick), right, toY(tick), '#ddd'),
      text(frame.left - 8, toY(tick) + 4, tickText(tick), 'end'),
    ]),
    stroke(frame.left, bottom, right, bottom, '#222'),
    stroke(frame.left, frame.top, frame.left, bottom, '#222'),
    text(middle, height - 14, x.label, 'middle'),
    text(20, centre, y.label, 'middle', `transform="rotate(-90 20 ${round(centre)})"`),
    `<clipPath id="inside"><rect x="${frame.left}" y="${frame.top}" width="${innerWidth}" height="${innerHeight}"/></clipPath>`,
    ...lines.map(
      ({ points, dashed }, i) =>
        `<path d="${pathOf(points, toX, toY)}" fill="none" stroke="${colourOf(i)}" stroke-width="2" stroke-linejoin="round"${dash(dashed)} clip-path="url(#inside)"/>`,
    ),
    ...legendOf(lines, legend),
    '</svg>',
    '',
  ].join('\n')
}

function rulerOf({ scale = 'linear', range }: Axis, values: readonly number[]): Ruler {
  const usable = values.filter(
    (value) => Number.isFinite(value) && (scale === 'linear' || value > 0),
  )
  // Not spread into Math.min: a line may have more points than a call may have arguments.
  const least = usable.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = usable.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const needed = usable.length > 0 ? [least, most] : scale === 'log' ? [1, 10] : [0, 1]
  let [first, last] = range ?? (needed as [number, number])
  if (first === last)
    [first, last] = scale === 'log' ? [first / 2, last * 2] : [first - 0.5, last + 0.5]
  if (scale === 'log') {
    const [low, high] = [Math.log10(first), Math.log10(last)]
    return { at: (value) => (Math.log10(value) - low) / (high - low), ticks: powers(low, high) }
  }
  const step = niceStep((last - first) / 6)
  if (!range) {
    first = Math.floor(first / step + 1e-9) * step
    last = Math.ceil(last / step - 1e-9) * step
  }
  const start = Math.ceil(first / step - 1e-9)
  const count = Math.floor(last / step + 1e-9) - start + 1
  const ticks = Array.from({ length: count }, (_, i) => (start + i) * step)
  return { at: (value) => (value - first) / (last - first), ticks }
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999)!
}

/** Powers of ten on the axis; 2 and 5 times them too where there would be few. */
function powers(low: number, high: number): number[] {
  const factors = high - low < 2 ? [1, 2, 5] : [1]
  const first = Math.floor(low)
  const exponents = Array.from({ length: Math.ceil(high) - first + 1 }, (_, i) => first + i)
  return exponents
    .flatMap((exponent) => factors.map((factor) => factor * 10 ** exponent))
    .filter((tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9)
}

function pathOf(
  points: Line['points'],
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  let joins = false
  return points
    .flatMap(([x, y]) => {
      const [left, top] = [toX(x), toY(y)]
      const isDrawn = Number.isFinite(left) && Number.isFinite(top)
      const command = joins ? 'L' : 'M'
      joins = isDrawn
      return isDrawn ? [`${command}${round(left)} ${round(top)}`] : []
    })
    .join('')
}

function legendOf(lines: readonly Line[], place: NonNullable<Plot['legend']>): string[] {
  const lineHeight = 20
  // Text cannot be measured here; this is wide enough for system fonts at this size.
  const boxWidth = 52 + Math.max(0, ...lines.map(({ label }) => label.length)) * 7.2
  const boxHeight = lines.length * lineHeight + 10
  const left = place.startsWith('left') ? frame.left + 12 : width - frame.right - boxWidth - 12
  const lowest = height - frame.bottom - boxHeight - 12
  const top = place.endsWith('top')
    ? frame.top + 12
    : place.endsWith('bottom')
      ? lowest
      : (frame.top + 12 + lowest) / 2
  return [
    `<rect x="${round(left)}" y="${round(top)}" width="${round(boxWidth)}" height="${boxHeight}" fill="#fff" fill-opacity="0.9" stroke="#ddd"/>`,
    ...lines.flatMap(({ label, dashed }, i) => {
      const y = top + 5 + lineHeight * (i + 0.5)
      return [
        stroke(left + 8, y, left + 34, y, colourOf(i), `stroke-width="2"${dash(dashed)}`),
        text(left + 42, y + 4, label, 'start'),
      ]
    }),
  ]
}

function colourOf(line: number): string {
  return colours[line % colours.length]!
}

function dash(dashed = false): string {
  return dashed ? ' stroke-dasharray="6 4"' : ''
}

function stroke(x1: number, y1: number, x2: number, y2: number, colour: string, more = ''): string {
  const ends = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`
  return `<line ${ends} stroke="${colour}"${more && ` ${more}`}/>`
}

function text(x: number, y: number, content: string, anchor: string, more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${more && ` ${more}`}>${escapeXml(content)}</text>`
}

function tickText(tick: number): string {
  const size = Math.abs(tick)
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? tick.toExponential(0).replace('e+', 'e')
    : String(Number(tick.toPrecision(6)))
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
