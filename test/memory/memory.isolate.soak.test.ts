import { describeMemory } from './memory-suite.ts'

describeMemory(1000)
