/**
 * How large a photo may be. All limits are read from the bytes before anything is decoded, because an isolate has
 * 128 MB: the network's heap takes 42 MB of them, the uploads in flight up to twice `maxPhotoBytes`.
 */

const mebibyte = 2 ** 20

/** The file as it arrives. */
export const maxPhotoBytes = 8 * mebibyte

/** Longer side: no camera makes a narrower strip out of this many pixels. */
export const maxPhotoSide = 8192

/**
 * Width times height that is passed on to the networks. A photo that has more is decoded smaller where its format can, and a face that
 * is small in it is then decoded once more, by itself.
 */
export const maxPicturePixels = 3 * mebibyte

/**
 * What a decoder may take, its copy of the file included, and the picture unless it is copied out bit by bit, as that of a JPEG. Each
 * format says how much a photo takes; at most one decoder works at a time.
 */
export const maxDecoderBytes = 24 * mebibyte

/** The same where memory is plenty: beyond it the runtime itself has no room for the pixels. */
export const maxPlentyBytes = 2048 * mebibyte

/** Width times height of a JPEG, decoded at a fraction of it: 24 megapixels fit, 48 do not. */
export const maxJpegPixels = 32 * mebibyte

/** Width times height of a PNG or a WebP, which are decoded as they are. */
export const maxUnscaledPixels = 4 * mebibyte

/** Advice in every refusal of something too large: this is plenty for every purpose. */
export const sizeAdvice = 'Send 1,280 pixels on the longer side.'

/**
 * Scans of a JPEG. Each scan is a pass over the whole picture and can be a few bytes short, so that a small file could
 * ask for minutes of work. Encoders write 1 to about 20.
 */
export const maxJpegScans = 32

/**
 * Segments of a JPEG, its scans among them. A segment can be four bytes short, so that a small file could ask for more memory than there
 * is. Encoders write 5 to about 100; 8 MiB of metadata take 128.
 */
export const maxJpegSegments = 1024

/** Chunks of a PNG: 8 MiB in pieces of 1 KiB. Encoders write 8 KiB or more; empty chunks would only cost time. */
export const maxPngChunks = 8192

/** Chunks of a WebP, for the same reason. Encoders write 1 to 6, and tools may add some of their own. */
export const maxWebpChunks = 1024
