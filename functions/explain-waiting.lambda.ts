import { makeExplainWaiting } from './explain-waiting.ts';
import { logged } from './logged.ts';
import {
  clock,
  readInstanceTypes,
  readZones,
  wireClosedPools,
  wireInstanceUse,
  wireQueue,
  wireQuotas,
  wireTimers,
  wireWaits,
} from './wiring.ts';

export const handler = logged(
  'Explain waiting',
  makeExplainWaiting({
    queue: wireQueue(),
    waits: wireWaits(),
    closedPools: wireClosedPools(),
    quotas: wireQuotas(),
    instanceUse: wireInstanceUse(),
    timers: wireTimers(),
    clock,
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
  }),
  // The dashboard reads these.
  {
    summarize: ({ action, jobId, pool, verdict, waitedSeconds, canceled }) => {
      return { action, jobId, pool, verdict, waitedSeconds, canceled };
    },
  },
);
