import { logged } from './logged.ts';
import { makePickSpotPool } from './pick-spot-pool.ts';
import {
  clock,
  readInstanceTypes,
  readTimeScale,
  readZones,
  wireBucket,
  wireLedger,
  wireReadOutlook,
  wireSlots,
} from './wiring.ts';

export const handler = logged(
  'Pick spot pool',
  makePickSpotPool({
    bucket: wireBucket(),
    readOutlook: wireReadOutlook('read'),
    ledger: wireLedger(),
    slots: wireSlots(),
    clock,
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
    timeScale: readTimeScale(),
  }),
  { summarize: ({ pool, expectedUsd }) => ({ pool, expectedUsd }) },
);
