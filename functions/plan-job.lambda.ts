import { logged } from './logged.ts';
import { makePlanJob } from './plan-job.ts';
import { wire } from './wiring.ts';

export const handler = logged(
  'Plan job',
  makePlanJob({
    bucket: wire.bucket(),
    market: wire.market(),
    zones: wire.zones(),
    instanceTypes: wire.instanceTypes(),
    shardSeconds: wire.shardSeconds(),
  }),
);
