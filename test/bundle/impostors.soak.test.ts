import { useBundle } from '../support/real-bundle.ts'
import { describeImpostors } from './impostors-suite.ts'

describeImpostors(useBundle(), 510)
