import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openPriceEndpoint } from '../../../local/market/price-endpoint.ts';
import { makePlace, root, run } from '../command.ts';

const resultSchema = z.object({
  source: z.enum(['synthetic', 'live']),
  region: z.string(),
  days: z.number(),
  model: z.string(),
  gaps: z.array(z.string()),
  chart: z.string(),
  pools: z.array(
    z.object({
      instanceType: z.string(),
      azId: z.string(),
      market: z.enum(['spot', 'on-demand']),
      now: z.number(),
      min: z.number(),
      median: z.number(),
      max: z.number(),
      usdPerImage: z.number().optional(),
      evidence: z.string().optional(),
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
});

describe('prices on the command line', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.clean());
  const out = () => ['--out', join(place.folder, 'out')];

  it('prints a table with a sparkline per pool, says that it is synthetic, and writes the chart', async () => {
    const { code, stdout } = await run(['prices', ...out()]);
    expect(code).toBe(0);
    for (const text of ['SYNTHETIC', '7 days', 'Cheapest image: $', 'use1-az4', 'on-demand'])
      expect(stdout).toContain(text);
    expect(stdout.match(/[▁▂▃▄▅▆▇█]{24}/g)).toHaveLength(25);
    const svg = await readFile(join(place.folder, 'out', 'prices.svg'), 'utf8');
    expect(svg).toContain('Spot prices in us-east-1, last 7 days');
  });

  it('answers with one line of JSON', async () => {
    const { code, stdout } = await run(['prices', '--json', '--days', '30', '--model', 'sd-1.5', ...out()]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const { pools, chart, ...about } = resultSchema.parse(JSON.parse(stdout));
    expect(about).toEqual({ source: 'synthetic', region: 'us-east-1', days: 30, model: 'sd-1.5', gaps: [] });
    expect(pools).toHaveLength(30);
    expect(pools[0]?.usdPerImage).toBeGreaterThan(0);
    expect((await stat(chart)).size).toBeGreaterThan(10_000);
  });

  it('asks AWS with `--prices live`: here an endpoint that stands for it', async () => {
    const { endpoint, close } = await openPriceEndpoint(7);
    try {
      const { stdout } = await runIn(endpoint, ['prices', '--prices', 'live', '--json', ...out()]);
      const live = resultSchema.parse(JSON.parse(stdout));
      expect(live.source).toBe('live');
      expect(live.pools.filter(({ market }) => market === 'spot')).toHaveLength(25);
    } finally {
      await close();
    }
  });

  it("says in a sentence what live prices take, where AWS can't be asked", async () => {
    const { code, stderr } = await runIn('http://127.0.0.1:9', ['prices', '--prices', 'live', ...out()]);
    expect(code).toBe(1);
    expect(stderr).toContain('ec2:DescribeSpotPriceHistory');
    expect(stderr).not.toContain('    at ');
  });

  async function runIn(endpoint: string, args: readonly string[]) {
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
    };
    const { promise, resolve } = Promise.withResolvers<{ code: number | null; stdout: string; stderr: string }>();
    const child = spawn(process.execPath, [join(root, 'cli', 'main.ts'), ...args], { cwd: root, env });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    return promise;
  }
});
