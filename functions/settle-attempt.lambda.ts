import { logged } from './logged.ts';
import { makeSettleAttempt } from './settle-attempt.ts';
import {
  clock,
  random,
  readIsSimulated,
  readTimeScale,
  wireBucket,
  wireLearned,
  wireLedger,
  wireQueue,
  wireSlots,
} from './wiring.ts';

export const handler = logged(
  'Settle attempt',
  makeSettleAttempt({
    bucket: wireBucket(),
    ledger: wireLedger(),
    slots: wireSlots(),
    learned: wireLearned(),
    queue: wireQueue(),
    clock,
    random,
    timeScale: readTimeScale(),
    simulated: readIsSimulated(),
  }),
  { summarize: ({ step: { pool, outcome, usd, seconds } }) => ({ pool, outcome, usd, seconds }) },
);
