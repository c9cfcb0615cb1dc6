import { sharpPictures } from './adapters/sharp-pictures.ts';
import { makeCleanUpJob } from './clean-up-job.ts';
import { makeCloseJob } from './close-job.ts';
import { logged } from './logged.ts';
import { clock, wire } from './wiring.ts';

export const handler = logged(
  'Clean up job',
  makeCleanUpJob({
    ledger: wire.ledger(),
    queue: wire.queue(),
    notifier: wire.notifier(),
    closeJob: makeCloseJob({ bucket: wire.bucket(), pictures: sharpPictures, clock }),
  }),
);
