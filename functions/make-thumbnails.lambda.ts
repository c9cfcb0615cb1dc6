import { sharpPictures } from './adapters/sharp-pictures.ts';
import { logged } from './logged.ts';
import { makeMakeThumbnails } from './make-thumbnails.ts';
import { clock, wire } from './wiring.ts';

export const handler = logged(
  'Make thumbnails',
  makeMakeThumbnails({
    bucket: wire.bucket(),
    pictures: sharpPictures,
    clock,
    budgetSeconds: 600,
  }),
);
