import { makeGalleryDoor } from './gallery-door.ts';
import { logged } from './logged.ts';
import { clock, wireBucket, wireDoors, wireDownloads } from './wiring.ts';

export const handler = logged(
  'Gallery door',
  makeGalleryDoor({ bucket: wireBucket(), doors: wireDoors(), downloads: wireDownloads(), clock }),
  // Neither the path nor the redirect: each of them opens something.
  { summarize: ({ statusCode }) => ({ statusCode }) },
);
