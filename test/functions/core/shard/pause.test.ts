import { expect, it } from 'vitest';
import { slotWaits } from '../../../../functions/core/shard/next-step.ts';
import { pauseNumber } from '../../../../functions/core/shard/pause.ts';
import { aTried } from '../../../fakes/builders.ts';

it('counts the pauses of a shard: without a pool, for a full quota, and in trouble of AWS', () => {
  expect(pauseNumber(aTried())).toBe(1);
  expect(pauseNumber(aTried({ waits: 2 }))).toBe(3);
  expect(pauseNumber(aTried({ waits: 2, counts: { [slotWaits]: 3 } }))).toBe(6);
  expect(pauseNumber(aTried({ waits: 2, counts: { [slotWaits]: 3, ServiceUnavailable: 4, SpotInterrupted: 5 } }))).toBe(
    10,
  );
});
