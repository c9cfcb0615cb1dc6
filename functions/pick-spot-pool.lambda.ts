import { makePickSpotPool } from './pick-spot-pool.ts';
import { clock, wire } from './wiring.ts';

export const handler = makePickSpotPool({
  bucket: wire.bucket(),
  market: wire.market(),
  ledger: wire.ledger(),
  clock,
  zones: wire.zones(),
  instanceTypes: wire.instanceTypes(),
});
