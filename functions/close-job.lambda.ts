import { sharpPictures } from './adapters/sharp-pictures.ts';
import { makeCloseJob } from './close-job.ts';
import { clock, wire } from './wiring.ts';

export const handler = makeCloseJob({ bucket: wire.bucket(), pictures: sharpPictures, clock });
