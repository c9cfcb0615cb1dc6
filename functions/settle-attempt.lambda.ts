import { logged } from './logged.ts';
import { makeSettleAttempt } from './settle-attempt.ts';
import { random, readTimeScale, wireBucket, wireLedger, wireQueue } from './wiring.ts';

export const handler = logged(
  'Settle attempt',
  makeSettleAttempt({
    bucket: wireBucket(),
    ledger: wireLedger(),
    queue: wireQueue(),
    random,
    timeScale: readTimeScale(),
  }),
  { summarize: ({ step: { pool, outcome, usd, seconds } }) => ({ pool, outcome, usd, seconds }) },
);
