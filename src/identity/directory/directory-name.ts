/** The directory is one object; this is its name. */
export const directoryName = 'directory'
