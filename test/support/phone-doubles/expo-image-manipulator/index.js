/** Says what it is asked to do to a photo of 12 megapixels, and leaves the file as it is. */
export const SaveFormat = { JPEG: 'jpeg' }

const photo = { width: 4032, height: 3024 }

export const ImageManipulator = {
  manipulate(uri) {
    let scaled = photo
    return {
      resize({ width }) {
        scaled = { width, height: Math.round((photo.height * width) / photo.width) }
        return this
      },
      async renderAsync() {
        return {
          ...scaled,
          async saveAsync({ compress }) {
            console.log(`scaled to ${scaled.width} by ${scaled.height}, quality ${compress}`)
            return { uri, ...scaled }
          },
        }
      },
    }
  },
}
