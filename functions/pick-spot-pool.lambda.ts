import { logged } from './logged.ts';
import { makePickSpotPool } from './pick-spot-pool.ts';
import { clock, wire } from './wiring.ts';

export const handler = logged(
  'Pick spot pool',
  makePickSpotPool({
    bucket: wire.bucket(),
    market: wire.market(),
    ledger: wire.ledger(),
    clock,
    zones: wire.zones(),
    instanceTypes: wire.instanceTypes(),
  }),
);
