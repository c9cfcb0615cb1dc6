import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Machine, openMachine } from './harness.ts';

// The engine evaluates with jsonata-python; here with jsonata 2.0.6 in a Node child, the version that AWS names.
let machine: Machine;
beforeAll(async () => {
  process.env.JSONATA = 'node';
  machine = await openMachine([{ kind: 'lose', afterImages: 1 }]);
});
afterAll(async () => {
  delete process.env.JSONATA;
  await machine.close();
});

it('takes the same way with the evaluator that AWS names: a loss, another pool, delivered', async () => {
  const { status, states, queues } = await machine.run({ prompt: 'a star', count: 6 });
  expect(status).toBe('SUCCEEDED');
  expect(queues).toHaveLength(2);
  expect(states.filter((state) => state === 'Settle attempt')).toHaveLength(2);
});
