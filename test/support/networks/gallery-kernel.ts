/** The compiled scan, for tests in Node; inside workerd it is imported. */
import { galleryKernelFile } from '../../../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../../../scripts/setup/node-engine.ts'

export const galleryKernel = await compileWasm(galleryKernelFile)
