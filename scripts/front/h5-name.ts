/** Whether a path names an h5 file, which stands in for a folder of people. */
export function isH5Name(path: string): boolean {
  return /\.(h5|hdf5)$/i.test(path)
}
