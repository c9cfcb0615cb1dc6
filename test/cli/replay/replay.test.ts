import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { run } from '../command.ts';

const resultSchema = z.object({
  market: z.string(),
  sets: z.record(
    z.string(),
    z.object({ policies: z.record(z.string(), z.object({ costOverOptimal: z.number(), deadlineMet: z.number() })) }),
  ),
});

describe('replay on the command line', () => {
  it('replays the synthetic market, says that it is synthetic, and is the same each time', async () => {
    const args = ['replay', '--json', '--starts', '20'];
    const [first, second] = [await run(args), await run(args)];
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(second.stdout);
    const { market, sets } = resultSchema.parse(JSON.parse(first.stdout));
    expect(market).toContain('SYNTHETIC');
    const { policies } = sets['us-east-1'] ?? { policies: {} };
    expect(Object.values(policies).every(({ deadlineMet }) => deadlineMet === 1)).toBe(true);
    expect(policies.ours?.costOverOptimal).toBeLessThan(policies['on-demand only']?.costOverOptimal ?? 0);
  });

  it('prints a table for people', async () => {
    const { code, stdout } = await run(['replay', '--starts', '5']);
    expect(code).toBe(0);
    for (const text of ['ours', 'Uniform Progress', 'SYNTHETIC', 'in time']) expect(stdout).toContain(text);
  });
});
