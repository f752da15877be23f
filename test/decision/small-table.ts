/** A calibration of one model with few rows, to read, to change, and to break. */

export const row = (fmr: number, threshold: number) => ({
  fmr,
  threshold,
  interval: [fmr / 2, fmr * 2],
})
export const entry = {
  model: 'fake-network@0123abcd',
  metric: { kind: 'l2' },
  data: 'made up',
  date: '2026-11-24',
  command: 'none',
  verification: [
    { encodings: 5, ...row(0.001, 0.4) },
    { encodings: 1, ...row(0.001, 0.5) },
    { encodings: 2, ...row(0.001, 0.45) },
    { encodings: 1, ...row(0.01, 0.6) },
  ],
  identification: [
    { people: 1000, ...row(0.001, 0.2) },
    { people: 10, ...row(0.001, 0.3) },
    { people: 10, ...row(0.01, 0.4) },
  ],
}
export const table = { format: 2, calibrations: [entry] }
