import { logged } from './logged.ts';
import { makeNextPart } from './next-part.ts';
import { clock, wireBucket } from './wiring.ts';

export const handler = logged('Next part', makeNextPart({ bucket: wireBucket(), clock }), {
  summarize: ({ part, name }) => ({ part, child: name }),
});
