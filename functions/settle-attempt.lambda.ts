import { logged } from './logged.ts';
import { makeSettleAttempt } from './settle-attempt.ts';
import {
  clock,
  random,
  readIsSimulated,
  readRegion,
  readTimeScale,
  wireBucket,
  wireLearned,
  wireLedger,
  wireQueue,
  wireSlots,
  wireWaits,
} from './wiring.ts';

export const handler = logged(
  'Settle attempt',
  makeSettleAttempt({
    bucket: wireBucket(),
    ledger: wireLedger(),
    slots: wireSlots(),
    learned: wireLearned(),
    queue: wireQueue(),
    waits: wireWaits(),
    clock,
    region: readRegion(),
    random,
    timeScale: readTimeScale(),
    simulated: readIsSimulated(),
  }),
  { summarize: ({ step: { pool, outcome, usd, seconds } }) => ({ pool, outcome, usd, seconds }) },
);
