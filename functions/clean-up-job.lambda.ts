import { sharpPictures } from './adapters/sharp-pictures.ts';
import { makeCleanUpJob } from './clean-up-job.ts';
import { makeCloseJob } from './close-job.ts';
import { toCounts } from './core/close/closed-job.ts';
import { logged } from './logged.ts';
import {
  clock,
  readIsSimulated,
  readTimeScale,
  wireBucket,
  wireExecutions,
  wireLedger,
  wireNotifier,
  wireOpenDoor,
  wireQueue,
  wireSlots,
} from './wiring.ts';

const bucket = wireBucket();

export const handler = logged(
  'Clean up job',
  makeCleanUpJob({
    bucket,
    ledger: wireLedger(),
    slots: wireSlots(),
    clock,
    queue: wireQueue(),
    executions: wireExecutions(),
    notifier: wireNotifier(),
    closeJob: makeCloseJob({
      bucket,
      pictures: sharpPictures,
      clock,
      simulated: readIsSimulated(),
      openDoor: wireOpenDoor(),
    }),
    timeScale: readTimeScale(),
  }),
  // The dashboard reads the counts.
  { summarize: ({ jobId, terminated, closed }) => ({ jobId, terminated, ...toCounts(closed) }) },
);
