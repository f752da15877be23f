/** The published tensors of nn4.small2 that ../shared has, as files of numbers; and those that it lacks, too large to be had there. */
import { join } from 'node:path'
import { projectRoot } from '../../../scripts/front/project-root.ts'

export const sharedOpenFace = join(projectRoot, '..', 'shared', 'data', 'openface-csv')

export const absentTensors: readonly string[] = [
  'inception_3c_3x3_conv2_w',
  'inception_4e_3x3_conv2_w',
  'inception_5a_1x1_conv_w',
  'inception_5a_3x3_conv2_w',
  'inception_5b_3x3_conv2_w',
]
