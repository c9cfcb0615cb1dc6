import { logged } from './logged.ts';
import { makeSettleAttempt } from './settle-attempt.ts';
import { random, wire } from './wiring.ts';

export const handler = logged(
  'Settle attempt',
  makeSettleAttempt({
    bucket: wire.bucket(),
    ledger: wire.ledger(),
    queue: wire.queue(),
    random,
    timeScale: wire.timeScale(),
  }),
);
