import { makeAdoptGoldenAmi } from './adopt-golden-ami.ts';
import { logged } from './logged.ts';
import { readInstanceTypes, readZones, wireEnvironments, wireImages } from './wiring.ts';

export const handler = logged(
  'Adopt golden AMI',
  makeAdoptGoldenAmi({
    images: wireImages(),
    environments: wireEnvironments(),
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
  }),
  { summarize: (adoption) => ({ ...adoption }) },
);
