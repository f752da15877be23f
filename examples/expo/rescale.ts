/** What preparePhoto of the client needs in React Native: the photo written anew, upright, within a size, as JPEG. */
import { ImageManipulator, SaveFormat } from 'expo-image-manipulator'
import type { Rescale } from 'facegate-client'

export const rescale: Rescale = async ({ uri }, { maxSide, quality }) => {
  const { width, height } = await ImageManipulator.manipulate(uri).renderAsync()
  const side =
    width > height ? { width: Math.min(width, maxSide) } : { height: Math.min(height, maxSide) }
  const image = await ImageManipulator.manipulate(uri).resize(side).renderAsync()
  const { uri: scaled } = await image.saveAsync({ format: SaveFormat.JPEG, compress: quality })
  return { uri: scaled, type: 'image/jpeg' }
}
