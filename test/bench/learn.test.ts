import { describe, expect, it } from 'vitest';
import { benchLearn } from '../../bench/learn.ts';
import { timeDecisions } from '../../bench/pick-speed/decide.ts';

describe('learning, measured', () => {
  it('forgets seeds that promise too much within three jobs, and knows that it never tries what it believes dear', async () => {
    const { picking } = await benchLearn(['--worlds', '10', '--jobs', '6']);
    expect(picking['too fast']?.regret[0]).toBeGreaterThan(1.1);
    expect(picking['too fast']?.fromFourthJob).toBeLessThan(1.02);
    expect(picking['too slow']?.fromFourthJob).toBeGreaterThan(1.02);
  });

  it('finds the cheap pools that seeds call slow once shards are lent to pilots', async () => {
    const { withPilots } = await benchLearn(['--worlds', '10', '--jobs', '6', '--images', '20000']);
    for (const figures of Object.values(withPilots)) expect(figures.fromFourthJob).toBeLessThan(1.02);
  });

  it('refuses a flag that is no number', async () => {
    await expect(benchLearn(['--jobs', 'many'])).rejects.toThrow('`--jobs`');
  });
});

describe('the speed of a decision', () => {
  it('is measured from what EC2 answers to it: of 50 pools the price in force, of few a change as well', async () => {
    const { pools, points } = await timeDecisions(2);
    expect(pools).toBe(50);
    expect(points).toBeGreaterThanOrEqual(pools);
    expect(points).toBeLessThan(pools * 1.2);
  });
});
