import { logged } from './logged.ts';
import { makePlanJob } from './plan-job.ts';
import { readInstanceTypes, readZones, wireBucket, wirePriceHistory, wireReadOutlook } from './wiring.ts';

export const handler = logged(
  'Plan job',
  makePlanJob({
    bucket: wireBucket(),
    readOutlook: wireReadOutlook('ask'),
    priceHistory: wirePriceHistory(),
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
  }),
);
