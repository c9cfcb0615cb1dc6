import { makeFindMissingImages } from './find-missing-images.ts';
import { wire } from './wiring.ts';

export const handler = makeFindMissingImages({ bucket: wire.bucket() });
