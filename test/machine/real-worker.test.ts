import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Machine, openMachine } from './harness.ts';

// The worker's last seconds against the endpoint's metadata service: elsewhere each has a fake of the other.
let machine: Machine;
beforeAll(async () => {
  // It stops 25 s before the announced time: the notice leaves it half a second.
  machine = await openMachine([{ kind: 'interrupt', afterImages: 1, noticeSeconds: 25.5 }], { worker: 'real' });
});
afterAll(() => machine.close());

it('finishes what it can after the notice, and the next attempt renders only the rest', {
  timeout: 240_000,
}, async () => {
  const { status, jobId, queues } = await machine.run({
    prompt: 'a large green cross on a white background',
    count: 60,
  });
  expect(status).toBe('SUCCEEDED');
  expect(queues).toHaveLength(2);
  const { attempts, delivered } = await machine.receipt(jobId);
  expect(attempts.map((attempt) => attempt.outcome)).toEqual(['SpotInterrupted', 'Succeeded']);
  expect(delivered).toBe(60);
  const records = await Promise.all([1, 2].map((attempt) => machine.record(jobId, 0, attempt)));
  const [first = [], second = []] = records.map((record) => record.images.map((image) => image.hash));
  expect(first.length).toBeGreaterThan(0);
  expect(second.length).toBeGreaterThan(0);
  expect(new Set([...first, ...second]).size).toBe(60);
  expect(first.length + second.length).toBe(60);
});
