import { logged } from './logged.ts';
import { makePickSpotPool } from './pick-spot-pool.ts';
import { clock, readInstanceTypes, readZones, wireBucket, wireClosedPools, wireLedger, wireMarket } from './wiring.ts';

export const handler = logged(
  'Pick spot pool',
  makePickSpotPool({
    bucket: wireBucket(),
    market: wireMarket(),
    ledger: wireLedger(),
    closedPools: wireClosedPools(),
    clock,
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
  }),
  { summarize: ({ pool, expectedUsd }) => ({ pool, expectedUsd }) },
);
