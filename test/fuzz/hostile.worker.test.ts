import { commonCodes, describeHostile } from './hostile-suite.ts'

describeHostile({ requests: 300, lines: 50, photos: 5, reached: commonCodes })
