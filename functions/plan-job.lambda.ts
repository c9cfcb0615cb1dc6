import { logged } from './logged.ts';
import { makePlanJob } from './plan-job.ts';
import { readInstanceTypes, readShardSeconds, readZones, wireBucket, wireMarket } from './wiring.ts';

export const handler = logged(
  'Plan job',
  makePlanJob({
    bucket: wireBucket(),
    market: wireMarket(),
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
    shardSeconds: readShardSeconds(),
  }),
);
