import { useBundle } from '../../support/running/real-bundle.ts'
import { describeImpostors } from './impostors-suite.ts'

describeImpostors(useBundle(), 510)
