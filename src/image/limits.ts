/**
 * How large a photo may be. All limits are read from the bytes before anything is decoded, because an isolate has
 * 128 MB: the network's heap takes 42 MB of them, the uploads in flight up to twice `maxPhotoBytes`.
 *
 * Measured: the decoder's WebAssembly heap plus the RGBA copy (none for PNG, which is read out of the heap), in MiB.
 *
 * | pixels (million)                     | 1    | 2    | 3    | 4    | 6    |
 * |--------------------------------------|------|------|------|------|------|
 * | JPEG baseline, 4:2:0 and 4:4:4       | 19.9 | 23.7 | 27.5 | 34.6 | 51.4 |
 * | WebP lossy                           | 19.8 | 23.6 | 27.4 | 34.5 | 53.3 |
 * | JPEG progressive 4:2:0               | 19.9 | 23.7 | 33.0 | 43.8 | 66.1 |
 * | JPEG progressive 4:4:4               | 19.9 | 28.4 | 42.5 | 56.5 | 85.2 |
 * | PNG, 8-bit RGB                       | 12.2 | 22.8 | 33.3 | 43.8 | 65.3 |
 * | WebP lossless                        | 19.8 | 30.5 | 45.6 | 66.5 | 91.1 |
 *
 * The JPEG and WebP decoders also copy the file twice, which the table holds for files of ordinary size (0.3-2 bytes a
 * pixel); a photo at both limits, of pixels and of bytes, comes to 44 MiB.
 */

/** The file as it arrives. */
export const maxPhotoBytes = 8 * 1024 * 1024

/** Width times height of a photo that is decoded row by row; 2048 x 1536 just fits. Costs about 28 MiB. */
export const maxPhotoPixels = 3 * 2 ** 20

/**
 * The same for a photo of which the decoder holds a second copy in whole (progressive JPEG: all coefficients; PNG and
 * lossless WebP: all pixels). 1920 x 1080 fits. Costs about 30 MiB, as much as the others at their own limit.
 */
export const maxBufferedPixels = 2 * 2 ** 20

/** Longer side: no camera makes a narrower strip out of this many pixels. */
export const maxPhotoSide = 8192

/**
 * Scans of a JPEG. Each scan is a pass over the whole picture and can be a few bytes short, so that a small file could
 * ask for minutes of work. Encoders write 1 to about 15.
 */
export const maxJpegScans = 50

/** Chunks of a PNG: 8 MiB in pieces of 1 KiB. Encoders write 8 KiB or more; empty chunks would only cost time. */
export const maxPngChunks = 8192
