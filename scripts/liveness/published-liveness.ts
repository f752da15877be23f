/** The files of the liveness networks: where their publisher has them, and what they have to be. One a table, in the order of `livenessTables`. */
import type { PublishedFiles } from '../encoder/fetch-published.ts'

export const publishedLiveness: PublishedFiles = {
  url: 'https://raw.githubusercontent.com/minivision-ai/Silent-Face-Anti-Spoofing/b6d5f04ad78778917853b25c778acef6d5626d15/resources/anti_spoof_models/',
  files: [
    {
      name: '2.7_80x80_MiniFASNetV2.pth',
      sha256: 'a5eb02e1843f19b5386b953cc4c9f011c3f985d0ee2bb9819eea9a142099bec0',
    },
    {
      name: '4_0_0_80x80_MiniFASNetV1SE.pth',
      sha256: '84ee1d37d96894d5e82de5a57df044ef80a58be2b218b5ed7cdfd875ec2f5990',
    },
  ],
  command: 'npm run liveness --',
}
