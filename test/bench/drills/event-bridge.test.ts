import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openEventBridge } from '../../../bench/drills/event-bridge.ts';
import { planStorm } from '../../../bench/drills/plan.ts';
import type { Stage } from '../../../bench/drills/stage.ts';
import { makeWitness } from '../../../bench/drills/witness.ts';

const plan = {
  ...planStorm({ seed: 1, faults: 10, images: 10, each: 5 }),
  deliveries: [
    { delayMs: 60, twice: false },
    { delayMs: 60, twice: true },
  ],
};

it('delivers the bad end of an execution late, or in time and late', async () => {
  const delivered: unknown[][] = [];
  const stage = { deliver: async (...sent: unknown[]) => void delivered.push(sent) } as unknown as Stage;
  const { deliverEnd, settle } = openEventBridge(stage, makeWitness(), plan);
  const ends = ['late', 'twice'].map((name) => ({ detail: { name } }));
  for (const end of ends) deliverEnd(end);
  await sleep(20);
  expect(delivered).toEqual([['clean-up-job', ends[1]]]);
  await settle();
  expect(delivered).toHaveLength(3);
  expect(delivered.filter(([, end]) => end === ends[0])).toHaveLength(1);
});
