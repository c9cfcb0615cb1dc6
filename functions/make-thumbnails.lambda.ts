import { sharpPictures } from './adapters/sharp-pictures.ts';
import { logged } from './logged.ts';
import { makeMakeThumbnails } from './make-thumbnails.ts';
import { clock, wireBucket } from './wiring.ts';

export const handler = logged(
  'Make thumbnails',
  makeMakeThumbnails({
    bucket: wireBucket(),
    pictures: sharpPictures,
    clock,
    budgetSeconds: 600,
  }),
  { summarize: ({ cursor, unreadable }) => ({ cursor, unreadable: unreadable.count, examples: unreadable.examples }) },
);
