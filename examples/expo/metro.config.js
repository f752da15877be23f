/** Metro looks for modules below this folder only; the client is a link to the folder of this project that holds it. */
const { getDefaultConfig } = require('expo/metro-config')
const { join } = require('node:path')

const config = getDefaultConfig(__dirname)
config.watchFolders = [join(__dirname, '..', '..', 'client')]

module.exports = config
