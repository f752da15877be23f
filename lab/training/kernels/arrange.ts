/**
 * AssemblyScript, part of build/kernels/train.wasm, which works on the heap of tfjs's WASM backend: puts pictures, filters
 * and gradients in the order in which the passes of a convolution read them. Numbers are float32, pictures
 * [batch, height, width, channels].
 *
 * Row `ky` of a filter at one output pixel reads kernelWidth * channels numbers that lie side by side in the padded picture:
 * a "run". The pixels of a whole batch are one list, so that small pictures fill the tiles too.
 */

const lanes: i32 = 8

/**
 * Pictures into larger ones with zeros around, and between the pixels where step > 1.
 *
 * @param output [batch, outHeight, outWidth, channels]
 */
export function place(
  picture: usize,
  output: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  step: i32,
): void {
  const pixelBytes = <usize>channels << 2
  const outPictureBytes = <usize>outHeight * <usize>outWidth * pixelBytes
  memory.fill(output, 0, <usize>batch * outPictureBytes)
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      const from = picture + <usize>(n * height + y) * <usize>width * pixelBytes
      const to = output + <usize>n * outPictureBytes
        + <usize>((top + y * step) * outWidth + left) * pixelBytes
      if (step == 1) {
        memory.copy(to, from, <usize>width * pixelBytes)
      } else {
        for (let x = 0; x < width; x++) {
          memory.copy(to + <usize>(x * step) * pixelBytes, from + <usize>x * pixelBytes, pixelBytes)
        }
      }
    }
  }
}

/** Where the first run of each output pixel starts: uint32 addresses for every pixel of every picture. */
export function findStarts(
  starts: usize,
  picture: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  stride: i32,
): void {
  let to = starts
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++, to += 4) {
        const pixel = <usize>((n * height + y * stride) * width + x * stride)
        store<u32>(to, <u32>(picture + ((pixel * <usize>channels) << 2)))
      }
    }
  }
}

/** [rows, columns] -> [ceil(columns / 8), rows, 8], zeros where columns end. */
export function pack(from: usize, to: usize, rows: i32, columns: i32): void {
  for (let first = 0; first < columns; first += lanes) {
    const whole = columns - first >= lanes
    for (let row = 0; row < rows; row++, to += 32) {
      const source = from + ((<usize>row * <usize>columns + <usize>first) << 2)
      if (whole) {
        v128.store(to, v128.load(source))
        v128.store(to, v128.load(source, 16), 16)
      } else {
        memory.fill(to, 0, 32)
        memory.copy(to, source, <usize>(columns - first) << 2)
      }
    }
  }
}

/**
 * A filter for the way back: [height, width, in, out] -> [ceil(in / 8), height, width, out, 8], upside down and back to
 * front, in and out changed over.
 */
export function packTurned(
  from: usize,
  to: usize,
  places: i32,
  channelsIn: i32,
  channelsOut: i32,
): void {
  for (let first = 0; first < channelsIn; first += lanes) {
    const some = min(lanes, channelsIn - first)
    for (let spot = places - 1; spot >= 0; spot--) {
      const source = from + ((<usize>(spot * channelsIn + first) * <usize>channelsOut) << 2)
      for (let o = 0; o < channelsOut; o++, to += 32) {
        for (let i = 0; i < lanes; i++) {
          const value: f32 = i < some ? load<f32>(source + ((<usize>i * <usize>channelsOut + <usize>o) << 2)) : 0
          store<f32>(to + (<usize>i << 2), value)
        }
      }
    }
  }
}

/** [rows, wide] -> [rows, columns], the rest dropped. */
export function narrow(from: usize, to: usize, rows: i32, wide: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    memory.copy(
      to + ((<usize>row * <usize>columns) << 2),
      from + ((<usize>row * <usize>wide) << 2),
      <usize>columns << 2,
    )
  }
}
