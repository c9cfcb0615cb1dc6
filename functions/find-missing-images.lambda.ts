import { makeFindMissingImages } from './find-missing-images.ts';
import { logged } from './logged.ts';
import { wireBucket } from './wiring.ts';

export const handler = logged('Find missing images', makeFindMissingImages({ bucket: wireBucket() }));
