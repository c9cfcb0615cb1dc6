import { sharpPictures } from './adapters/sharp-pictures.ts';
import { makeCloseJob } from './close-job.ts';
import { toCounts } from './core/close/closed-job.ts';
import { logged } from './logged.ts';
import { clock, readIsSimulated, wireBucket, wireOpenDoor } from './wiring.ts';

export const handler = logged(
  'Close job',
  makeCloseJob({
    bucket: wireBucket(),
    pictures: sharpPictures,
    clock,
    simulated: readIsSimulated(),
    openDoor: wireOpenDoor(),
  }),
  // The dashboard reads these.
  { summarize: toCounts },
);
