/** The real bundle, started once for all that `npm test` asks of it. In this order: the first suite is asked of a cold isolate. */
import { useBundle } from '../support/running/real-bundle.ts'
import { describeClientDocs } from './documented/client-docs-suite.ts'
import { describeGeneratedClients } from './documented/generated-clients-suite.ts'
import { describeImpostors, describeUselessPhotos } from './photos/impostors-suite.ts'
import { describeWorker } from './worker-suite.ts'

const bundle = useBundle()

describeWorker(bundle)
describeClientDocs(bundle)
describeGeneratedClients(bundle)
describeUselessPhotos(bundle)
// Each of the six shown as each other once; 510 are sent by impostors.soak.test.ts.
describeImpostors(bundle, 30)
