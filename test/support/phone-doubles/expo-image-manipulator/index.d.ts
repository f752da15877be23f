/** The part of expo-image-manipulator that the example of docs/client.md uses. */
export declare enum SaveFormat {
  JPEG = 'jpeg',
}

interface ImageRef {
  readonly width: number
  readonly height: number
  saveAsync(options: {
    readonly format?: SaveFormat
    readonly compress?: number
  }): Promise<{ uri: string; width: number; height: number }>
}

interface ImageManipulatorContext {
  resize(size: { readonly width?: number; readonly height?: number }): ImageManipulatorContext
  renderAsync(): Promise<ImageRef>
}

export declare const ImageManipulator: { manipulate(uri: string): ImageManipulatorContext }
