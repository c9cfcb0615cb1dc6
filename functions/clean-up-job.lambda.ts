import { sharpPictures } from './adapters/sharp-pictures.ts';
import { makeCleanUpJob } from './clean-up-job.ts';
import { makeCloseJob } from './close-job.ts';
import { logged } from './logged.ts';
import { clock, readIsSimulated, wireBucket, wireLedger, wireNotifier, wireOpenDoor, wireQueue } from './wiring.ts';

export const handler = logged(
  'Clean up job',
  makeCleanUpJob({
    ledger: wireLedger(),
    queue: wireQueue(),
    notifier: wireNotifier(),
    closeJob: makeCloseJob({
      bucket: wireBucket(),
      pictures: sharpPictures,
      clock,
      simulated: readIsSimulated(),
      openDoor: wireOpenDoor(),
    }),
  }),
);
