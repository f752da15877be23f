import { describeMemory } from './memory-suite.ts'

describeMemory(100)
