import { describeMemory } from './memory-suite.ts'

describeMemory(2000)
