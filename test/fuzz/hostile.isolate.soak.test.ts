import { commonCodes, describeHostile } from './hostile-suite.ts'

const reached = [...commonCodes, 'too_many_images'] as const
describeHostile({ requests: 1000, lines: 150, photos: 15, reached })
